"""Roles given and taken back. Each change ends that agent's sessions: nobody goes on as before."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import NotFound, UnitOfWork, clean
from crm.staff.actions import RoleGrant, grant_row, required
from crm.staff.admins import ADMIN, keep_an_admin
from crm.staff.directory_events import AgentRoleGiven, AgentRoleTaken
from crm.staff.gathering import gathered
from crm.staff.models import Agent, Grant
from crm.staff.role_notes import keep_note


def grant_role(uow: UnitOfWork, email: str, grant: RoleGrant, *, note: str, alone: bool = False) -> list[str]:
    """Give a role; given already, nothing changes. Returns the roles that the agent has then.

    Args:
        note: why, for whoever reads the agent's history; compulsory.
        alone: take every other role away.

    Raises:
        NotAllowed, NotFound.
        Invalid: `note` → `required`; `unknown`, `unit_required`, `commune_required`; `role` → `last_admin`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = agent_named(uow, email)
    told = gathered(row=lambda: grant_row(uow.session, grant), note=lambda: required("note", note))
    wanted: Grant = told["row"]
    held = uow.session.scalars(sa.select(Grant).where(Grant.agent_id == agent.id)).all()
    same = [row for row in held if _held(row) == _held(wanted)]
    others = [row for row in held if alone and row not in same]
    if same and not others:
        return _roles_now(uow, agent)
    note_id = keep_note(uow.session, agent.id, note)
    for row in others:
        _take(uow, agent, row, note_id)
    if not same:
        wanted.agent_id = agent.id
        uow.session.add(wanted)
        agent.session_epoch += 1
        uow.record(AgentRoleGiven(subject_id=agent.id, note_id=note_id, **_held(wanted)))
    return _roles_now(uow, agent)


def take_role(uow: UnitOfWork, email: str, role: str, *, note: str) -> list[str]:
    """Take a role back, wherever it held. Returns the roles that are left.

    Raises:
        NotAllowed, NotFound: no such agent, or not that role.
        Invalid: `note` → `required`; `role` → `last_admin`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = agent_named(uow, email)
    held = sa.select(Grant).where(Grant.agent_id == agent.id, Grant.role == role)
    rows = uow.session.scalars(held).all()
    if not rows:
        raise NotFound(role=role)
    note_id = keep_note(uow.session, agent.id, required("note", note))
    for row in rows:
        _take(uow, agent, row, note_id)
    return _roles_now(uow, agent)


def take_grant(uow: UnitOfWork, agent_id: int, grant_id: int, *, note: str) -> None:
    """Take a role back where it held, and there alone.

    Raises:
        NotAllowed, NotFound.
        Invalid: `note` → `required`; `role` → `last_admin`.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = uow.session.get(Agent, agent_id, with_for_update=True, populate_existing=True)
    row = uow.session.get(Grant, grant_id)
    if agent is None or row is None or row.agent_id != agent_id:
        raise NotFound()
    _take(uow, agent, row, keep_note(uow.session, agent_id, required("note", note)))


def agent_named(uow: UnitOfWork, email: str) -> Agent:
    """Locked until the unit ends. Raises NotFound."""
    require(uow.actor, Permission.STAFF_MANAGE)
    query = sa.select(Agent).where(Agent.email == clean(email).lower()).with_for_update()
    agent = uow.session.scalar(query)
    if agent is None:
        raise NotFound()
    return agent


def _take(uow: UnitOfWork, agent: Agent, row: Grant, note_id: int | None) -> None:
    if row.role == ADMIN:
        keep_an_admin(uow, agent.id)
    uow.session.delete(row)
    agent.session_epoch += 1
    uow.record(AgentRoleTaken(subject_id=agent.id, note_id=note_id, **_held(row)))


def _roles_now(uow: UnitOfWork, agent: Agent) -> list[str]:
    uow.session.flush()
    return sorted(set(uow.session.scalars(sa.select(Grant.role).where(Grant.agent_id == agent.id))))


def _held(row: Grant) -> dict[str, Any]:
    return {"role": row.role, "unit_id": row.unit_id, "insee": row.insee}
