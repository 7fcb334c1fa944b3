"""How somebody comes in: a link to their mailbox, where they choose a password that nobody else ever saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import Permission, require
from crm.foundation import Base, Invalid, LinkSigner, NotFound, UnitOfWork
from crm.staff.directory_events import AgentInvited, AgentJoined
from crm.staff.models import Agent, Organization
from crm.staff.passwords import check_password, hash_password

INVITATION_DAYS = 7
_LINKS = LinkSigner("agent-invitation")
signed_invitation = _LINKS.sign


class AgentInvitation(Base):
    """A link that was asked for. It is signed as it leaves: whoever reads this table cannot come in."""

    __tablename__ = "agent_invitations"
    __table_args__ = (sa.Index("ix_agent_invitations_agent_id", "agent_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # it opens once


_I = cast(sa.Table, AgentInvitation.__table__).c


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link lets in, and until when."""

    id: int
    agent_id: int
    email: str
    first_name: str
    organization_name: str
    language: str
    ends_at: datetime


def invite_agent(uow: UnitOfWork, agent_id: int) -> None:
    """A link leaves for their mailbox; the one before opens nothing any more.

    Raises:
        NotAllowed, NotFound.
        Invalid: `agent` → `disabled`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = uow.session.get(Agent, agent_id, with_for_update=True)
    if agent is None:
        raise NotFound()
    if not agent.is_active:
        raise Invalid({"agent": "disabled"})
    _end_links(uow, agent_id)
    days = timedelta(days=INVITATION_DAYS)
    uow.session.add(AgentInvitation(agent_id=agent_id, made_at=uow.now, ends_at=uow.now + days))
    uow.session.flush()
    uow.record(AgentInvited(subject_id=agent_id))


def join(uow: UnitOfWork, invitation_id: int, password: str) -> str:
    """Use a link, once: the password is set, sessions end, a lock is lifted. Returns their e-mail.

    Raises:
        NotFound: it was used, is too old, was replaced; or the account was closed.
        Invalid: why the password is weak.
    """
    require(uow.actor, Permission.LOG_IN)
    held = sa.select(AgentInvitation).where(_I.id == invitation_id, *_good(uow.now)).with_for_update()
    link = uow.session.scalars(held).one_or_none()
    agent = uow.session.get(Agent, link.agent_id, with_for_update=True) if link else None
    if link is None or agent is None or not agent.is_active:
        raise NotFound()
    check_password(password)
    agent.password_hash = hash_password(password)
    agent.session_epoch += 1
    agent.failed_logins, agent.locked_until, link.used_at = 0, None, uow.now
    uow.record(AgentJoined(subject_id=agent.id))
    return agent.email


def end_links(uow: UnitOfWork, agent_id: int) -> None:
    """Links that somebody still has open nothing any more."""
    require(uow.actor, Permission.STAFF_MANAGE)
    _end_links(uow, agent_id)


def _end_links(uow: UnitOfWork, agent_id: int) -> None:
    ended = sa.update(AgentInvitation).where(_I.agent_id == agent_id, *_good(uow.now))
    uow.session.execute(ended.values(ends_at=uow.now).execution_options(synchronize_session=False))


def invitation_to_send(session: Session, agent_id: int, now: datetime) -> Invited | None:
    """The link of an agent that is still good; None once it was used, replaced or too old."""
    latest = _INVITED.where(_I.agent_id == agent_id, *_good(now)).order_by(_I.id.desc()).limit(1)
    return _one(session, latest)


def invitation_behind(session: Session, secret_key: str, token: str, now: datetime) -> Invited | None:
    """Whom a link lets in; None for what we did not sign, or what opens nothing any more."""
    invitation_id = _LINKS.read(secret_key, token)
    return _one(session, _INVITED.where(_I.id == invitation_id, *_good(now))) if invitation_id else None


def _good(now: datetime) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return _I.used_at.is_(None), _I.ends_at > now


_INVITED = (
    sa.select(
        _I.id, _I.agent_id, Agent.email, Agent.first_name, Organization.name, Agent.language, _I.ends_at
    )
    .join(Agent, Agent.id == _I.agent_id)
    .join(Organization, Organization.id == Agent.organization_id)
    .where(Agent.is_active)
)


def _one(session: Session, query: sa.Select[Any]) -> Invited | None:
    row = session.execute(query).one_or_none()
    return Invited(*row) if row else None
