"""Agents as an administrator keeps them on screen. No password is ever typed here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork, clean
from crm.staff.actions import (
    RoleGrant,
    create_account,
    free_address,
    organization_id_of,
    required,
    unit_id_of,
)
from crm.staff.directory_events import AgentChanged, AgentEnabled, AgentSkillsChanged, AgentUnlocked
from crm.staff.gathering import gathered
from crm.staff.invitations import end_links, invite_agent
from crm.staff.models import Agent
from crm.staff.skills import AgentSkill, Skill
from crm.trail import last_fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTold:
    """An agent as a form holds them. `unit_code`: where they work, which gives no right by itself."""

    email: str
    first_name: str
    last_name: str
    organization_code: str
    title: str = ""
    unit_code: str = ""


def welcome_agent(uow: UnitOfWork, told: AgentTold, grants: Sequence[RoleGrant], note: str = "") -> int:
    """Open an account that nobody can enter yet, and send them the link by which they choose their password.

    Args:
        note: why these roles. Not compulsory: that somebody is invited to work is a reason.

    Raises:
        NotAllowed.
        Invalid: as `create_account`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent_id = create_account(
        uow,
        email=told.email,
        password=secrets.token_urlsafe(40),
        first_name=told.first_name,
        last_name=told.last_name,
        title=told.title,
        organization_code=told.organization_code,
        unit_code=told.unit_code or None,
        grants=grants,
        note=note,
    )
    invite_agent(uow, agent_id)
    return agent_id


def agent_seen(session: Session, agent_id: int) -> int:
    """The latest correction of their sheet, which a form must have seen; 0 when there is none."""
    return last_fact(session, "agent", agent_id, kind=AgentChanged.kind)


def edit_agent(uow: UnitOfWork, agent_id: int, told: AgentTold, *, seen: int) -> list[str]:
    """Their name, capacity, mailbox, organisation and unit. Their roles are given and taken apart.

    A link sent to the mailbox they had opens nothing any more; whoever never came is sent another.

    Args:
        seen: as `agent_seen`.

    Returns:
        The names of what changed. Their sessions end if anything did.

    Raises:
        NotAllowed, NotFound.
        Conflict: a colleague corrected it meanwhile.
        Invalid: field → `required`, `malformed`, `taken`, `unknown`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = held_agent(uow, agent_id)
    if agent_seen(uow.session, agent_id) != seen:
        raise Conflict(seen=seen)
    moved = clean(told.email).lower() != agent.email
    wanted = gathered(
        email=lambda: free_address(uow.session, told.email) if moved else agent.email,
        first_name=lambda: required("first_name", told.first_name),
        last_name=lambda: required("last_name", told.last_name),
        title=lambda: clean(told.title),
        organization_id=lambda: organization_id_of(uow.session, told.organization_code),
        unit_id=lambda: unit_id_of(uow.session, told.unit_code or None),
    )
    changed = [name for name, value in wanted.items() if getattr(agent, name) != value]
    for name in changed:
        setattr(agent, name, wanted[name])
    if changed:
        agent.session_epoch += 1
        uow.record(AgentChanged(subject_id=agent_id, what=",".join(changed)))
    if "email" in changed and agent.is_active and agent.last_login_at is None:
        invite_agent(uow, agent_id)
    elif "email" in changed:
        end_links(uow, agent_id)
    return changed


def unlock_agent(uow: UnitOfWork, agent_id: int) -> None:
    """They may try again at once. Raises NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = held_agent(uow, agent_id)
    agent.failed_logins, agent.locked_until = 0, None
    uow.record(AgentUnlocked(subject_id=agent_id))


def enable_agent(uow: UnitOfWork, agent_id: int) -> None:
    """Their account serves again, with its roles; a link leaves for a password. Raises NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = held_agent(uow, agent_id)
    if not agent.is_active:
        agent.is_active = True
        uow.record(AgentEnabled(subject_id=agent_id))
        invite_agent(uow, agent_id)


def set_skills(uow: UnitOfWork, agent_id: int, skill_ids: Sequence[int]) -> None:
    """All that they know, at once.

    Raises:
        NotAllowed, NotFound.
        Invalid: `skills` → `unknown`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    held_agent(uow, agent_id)
    wanted = set(skill_ids)
    if wanted - set(uow.session.scalars(sa.select(Skill.id).where(Skill.id.in_(wanted)))):
        raise Invalid({"skills": "unknown"})
    mine = AgentSkill.agent_id == agent_id
    known = set(uow.session.scalars(sa.select(AgentSkill.skill_id).where(mine)))
    if wanted == known:
        return
    uow.session.execute(sa.delete(AgentSkill).where(mine, AgentSkill.skill_id.in_(known - wanted)))
    uow.session.add_all(AgentSkill(agent_id=agent_id, skill_id=one) for one in sorted(wanted - known))
    uow.session.flush()
    told = ",".join(map(str, sorted(wanted)))
    uow.record(AgentSkillsChanged(subject_id=agent_id, skill_ids=told))


def held_agent(uow: UnitOfWork, agent_id: int) -> Agent:
    """Locked until the unit ends. Raises NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = uow.session.get(Agent, agent_id, with_for_update=True, populate_existing=True)
    if agent is None:
        raise NotFound()
    return agent
