"""What agents know that colleagues may need during a call: a language, a trade."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import Permission, require
from crm.foundation import Base, Invalid, NotFound, UnitOfWork, clean, fold
from crm.staff.directory_events import SkillAdded, SkillRetired

_LONGEST = 60


class Skill(Base):
    """One line of the centre's own short list; a retired one is offered no more, and nobody has it."""

    __tablename__ = "skills"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    label: Mapped[str]
    label_folded: Mapped[str] = mapped_column(unique=True)
    is_language: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class AgentSkill(Base):
    __tablename__ = "agent_skills"
    __table_args__ = (sa.Index("ix_agent_skills_skill_id", "skill_id"),)

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id", ondelete="CASCADE"), primary_key=True)


@dataclass(frozen=True, slots=True)
class SkillLine:
    """Args: `agents`: how many in use have it."""

    id: int
    label: str
    is_language: bool
    agents: int = 0


def add_skill(uow: UnitOfWork, label: str, *, is_language: bool) -> int:
    """
    Raises:
        NotAllowed.
        Invalid: `label` → `required`, `too_long`, `known`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    said = clean(label)
    if not said:
        raise Invalid({"label": "required"})
    if len(said) > _LONGEST:
        raise Invalid({"label": "too_long"})
    if uow.session.scalar(sa.select(Skill.id).where(Skill.label_folded == fold(said))):
        raise Invalid({"label": "known"})
    row = Skill(label=said, label_folded=fold(said), is_language=is_language)
    uow.session.add(row)
    uow.session.flush()
    uow.record(SkillAdded(subject_id=row.id))
    return row.id


def retire_skill(uow: UnitOfWork, skill_id: int) -> None:
    """It leaves the list and every agent. Raises NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    row = uow.session.get(Skill, skill_id)
    if row is None:
        raise NotFound()
    uow.session.delete(row)
    uow.record(SkillRetired(subject_id=skill_id))


def skills(session: Session) -> list[SkillLine]:
    """Languages first, then in the order of a French dictionary."""
    counted = sa.select(AgentSkill.skill_id, sa.func.count().label("agents")).group_by(AgentSkill.skill_id)
    held = counted.subquery()
    query = sa.select(Skill.id, Skill.label, Skill.is_language, sa.func.coalesce(held.c.agents, 0)).outerjoin(
        held, held.c.skill_id == Skill.id
    )
    found = [SkillLine(*row) for row in session.execute(query)]
    return sorted(found, key=lambda one: (not one.is_language, fold(one.label)))
