"""Whose second factor it is: the agent at work, or whoever stands at the door with a right password."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, NotAllowed, NotFound, UnitOfWork
from crm.staff.factors.due import has_factor
from crm.staff.factors.models import SecondFactor
from crm.staff.models import Agent
from crm.staff.passwords import is_right


@dataclass(frozen=True, slots=True)
class Halfway:
    """Somebody whose password was right, and who has shown nothing else yet."""

    agent_id: int
    session_epoch: int


def at_the_door(uow: UnitOfWork, halfway: Halfway) -> Agent:
    """Their account, locked: two answers at once are counted one after the other.

    Raises:
        NotFound: closed meanwhile, or their sessions ended.
    """
    require(uow.actor, Permission.LOG_IN)
    agent = _locked(uow, halfway.agent_id)
    if agent.session_epoch != halfway.session_epoch:
        raise NotFound()
    return agent


def enrolling(uow: UnitOfWork, halfway: Halfway | None) -> Agent:
    """Who may add a factor: at the door, only whoever has none, or a password alone would make its own.

    Raises:
        NotAllowed, NotFound.
    """
    if halfway is None:
        require(uow.actor, Permission.SELF_EDIT)
        return _locked(uow, uow.actor.id)
    agent = at_the_door(uow, halfway)
    if uow.session.scalar(sa.select(has_factor(agent.id))):
        raise NotAllowed()
    return agent


def myself(uow: UnitOfWork, password: str) -> Agent:
    """The agent at work, who gives their password again: a screen left open must not be enough.

    Raises:
        Invalid: `password` → `wrong_password`.
    """
    agent = enrolling(uow, None)
    if not is_right(agent.password_hash, password):
        raise Invalid({"password": "wrong_password"})
    return agent


def held_row(uow: UnitOfWork, agent: Agent) -> SecondFactor:
    """Their row, made if need be. The account must be locked."""
    row = uow.session.get(SecondFactor, agent.id, populate_existing=True)
    if row is None:
        row = SecondFactor(agent_id=agent.id)
        uow.session.add(row)
    return row


def _locked(uow: UnitOfWork, agent_id: int | None) -> Agent:
    agent = uow.session.get(Agent, agent_id, with_for_update=True, populate_existing=True)
    if agent is None or not agent.is_active:
        raise NotFound()
    return agent
