"""People and places as an administrator, or whoever looks for a colleague, reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Actor, NotFound, fold
from crm.staff.invitations import AgentInvitation
from crm.staff.models import Agent, Grant, Organization, Unit
from crm.staff.skills import AgentSkill, Skill

_A, _O, _U, _G = (cast(sa.Table, entity.__table__).c for entity in (Agent, Organization, Unit, Grant))
_I = cast(sa.Table, AgentInvitation.__table__).c


@dataclass(frozen=True, slots=True)
class OrganizationCard:
    """An organisation, with how many units in use and agents it has."""

    id: int
    code: str
    kind: str
    name: str
    insee: str | None
    siret: str | None
    address: str
    phone: str
    email: str
    units: int
    agents: int


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role, and where it holds."""

    id: int
    role: str
    unit_id: int | None
    unit_name: str
    insee: str | None


@dataclass(frozen=True, slots=True)
class AgentLine:
    """An agent in a list or on their sheet.

    Args:
        invited_until: until when the link they were sent still opens; None when none does.
    """

    id: int
    email: str
    first_name: str
    last_name: str
    title: str
    organization_id: int
    organization_code: str
    organization_name: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    is_active: bool
    is_anonymous: bool
    anonymity_motive: str
    locked_until: datetime | None
    last_login_at: datetime | None
    invited_until: datetime | None
    grants: tuple[GrantLine, ...] = ()
    skills: tuple[tuple[int, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def state(self, now: datetime) -> str:
        """`disabled`, `locked`, `invited`, `expired` (invited, too late), `active`."""
        if not self.is_active:
            return "disabled"
        if self.locked_until is not None and now < self.locked_until:
            return "locked"
        if self.last_login_at is not None:
            return "active"
        return "invited" if self.invited_until is not None else "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFilter:
    """What to keep; an empty filter keeps every account in use."""

    words: str = ""
    organization_id: int | None = None
    unit_id: int | None = None
    role: str = ""
    skill_id: int | None = None
    state: str = ""
    insee: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    lines: list[AgentLine] = field(default_factory=list)


def organizations(session: Session, actor: Actor) -> list[OrganizationCard]:
    """Every one, the métropole first, then by kind and in the order of a French dictionary."""
    require(actor, Permission.STAFF_VIEW)
    found = [OrganizationCard(*row) for row in session.execute(_ORGANIZATIONS)]
    return sorted(found, key=lambda one: (one.kind != "metropole", one.kind, fold(one.name)))


def one_organization(session: Session, actor: Actor, organization_id: int) -> OrganizationCard:
    """Raises NotFound."""
    require(actor, Permission.STAFF_VIEW)
    row = session.execute(_ORGANIZATIONS.where(_O.id == organization_id)).one_or_none()
    if row is None:
        raise NotFound()
    return OrganizationCard(*row)


def agents_found(
    session: Session, actor: Actor, kept: AgentFilter, now: datetime, *, limit: int = 200
) -> Found:
    """In the order of a French dictionary. Three statements."""
    require(actor, Permission.STAFF_VIEW)
    rows = session.execute(_agents(now).where(*_conditions(kept))).mappings().all()
    lines = [AgentLine(**row) for row in rows]
    wanted = [line for line in lines if _is_kept(line, kept, now)]
    wanted.sort(key=lambda one: (fold(one.last_name), fold(one.first_name)))
    return Found(len(wanted), _with_rights(session, wanted[:limit]))


def one_agent(session: Session, actor: Actor, agent_id: int, now: datetime) -> AgentLine:
    """Raises NotFound."""
    require(actor, Permission.STAFF_VIEW)
    row = session.execute(_agents(now).where(_A.id == agent_id)).mappings().one_or_none()
    if row is None:
        raise NotFound()
    (line,) = _with_rights(session, [AgentLine(**row)])
    return line


def agents_by_role(session: Session, actor: Actor) -> dict[str, int]:
    """Role → how many accounts in use have it, somewhere."""
    require(actor, Permission.STAFF_VIEW)
    counted = sa.select(_G.role, sa.func.count(sa.distinct(_G.agent_id))).join(Agent, _A.id == _G.agent_id)
    return {row[0]: row[1] for row in session.execute(counted.where(_A.is_active).group_by(_G.role))}


def _count(table: Any, owner: Any, *conditions: Any) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(owner == _O.id, *conditions)
    return counted.correlate(Organization.__table__).scalar_subquery()


_ORGANIZATIONS = sa.select(
    _O.id, _O.code, _O.kind, _O.name, _O.insee, _O.siret, _O.address, _O.phone, _O.email,
    _count(Unit.__table__, _U.organization_id, _U.is_active),
    _count(Agent.__table__, _A.organization_id, _A.is_active),
)  # fmt: skip


def _agents(now: datetime) -> sa.Select[Any]:
    link = sa.select(sa.func.max(_I.ends_at)).where(
        _I.agent_id == _A.id, _I.used_at.is_(None), _I.ends_at > now
    )
    return (
        sa.select(
            _A.id, _A.email, _A.first_name, _A.last_name, _A.title, _A.organization_id,
            _O.code.label("organization_code"), _O.name.label("organization_name"), _A.unit_id,
            sa.func.coalesce(_U.code, "").label("unit_code"),
            sa.func.coalesce(_U.name, "").label("unit_name"),
            _A.is_active, _A.is_anonymous, _A.anonymity_motive, _A.locked_until, _A.last_login_at,
            link.correlate(Agent.__table__).scalar_subquery().label("invited_until"),
        )
        .join_from(Agent.__table__, Organization.__table__, _O.id == _A.organization_id)
        .outerjoin(Unit.__table__, _U.id == _A.unit_id)
    )  # fmt: skip


def _conditions(kept: AgentFilter) -> list[sa.ColumnElement[bool]]:
    granted = sa.select(_G.agent_id)
    found: list[sa.ColumnElement[bool]] = []
    if kept.organization_id is not None:
        found.append(_A.organization_id == kept.organization_id)
    if kept.unit_id is not None:
        here = granted.where(_G.unit_id == kept.unit_id)
        found.append(sa.or_(_A.unit_id == kept.unit_id, _A.id.in_(here)))
    if kept.role:
        found.append(_A.id.in_(granted.where(_G.role == kept.role)))
    if kept.insee:
        found.append(_A.id.in_(granted.where(_G.insee == kept.insee)))
    if kept.skill_id is not None:
        knowing = sa.select(AgentSkill.agent_id).where(AgentSkill.skill_id == kept.skill_id)
        found.append(_A.id.in_(knowing))
    return found


def _is_kept(line: AgentLine, kept: AgentFilter, now: datetime) -> bool:
    state = line.state(now)
    if kept.state == "waiting":
        known = state in {"invited", "expired"}
    else:
        known = state == kept.state if kept.state else state != "disabled"
    said = fold(f"{line.name} {line.last_name} {line.first_name} {line.email} {line.title}")
    return known and all(word in said for word in fold(kept.words).split())


def _with_rights(session: Session, lines: list[AgentLine]) -> list[AgentLine]:
    ids = [line.id for line in lines]
    rights = _by_agent(
        session,
        sa.select(_G.agent_id, _G.id, _G.role, _G.unit_id, sa.func.coalesce(_U.name, ""), _G.insee)
        .outerjoin(Unit.__table__, _U.id == _G.unit_id)
        .where(_G.agent_id.in_(ids))
        .order_by(_G.role, _G.id),
    )
    known = _by_agent(
        session,
        sa.select(AgentSkill.agent_id, Skill.id, Skill.label)
        .join(Skill, Skill.id == AgentSkill.skill_id)
        .where(AgentSkill.agent_id.in_(ids))
        .order_by(Skill.label_folded),
    )
    return [
        _dressed(line, (GrantLine(*row) for row in rights.get(line.id, ())), known.get(line.id, ()))
        for line in lines
    ]


def _by_agent(session: Session, query: Any) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for agent_id, *rest in session.execute(query):
        found.setdefault(agent_id, []).append(tuple(rest))
    return found


def _dressed(line: AgentLine, grants: Iterable[GrantLine], skills: Iterable[tuple[Any, ...]]) -> AgentLine:
    return replace(line, grants=tuple(grants), skills=tuple((int(i), str(label)) for i, label in skills))
