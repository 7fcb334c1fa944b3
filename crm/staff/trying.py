"""Tries at the door, counted together whatever was tried: a password, a code, a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.foundation import UnitOfWork
from crm.staff.events import AgentLocked, AgentLoggedIn, AgentLogInFailed
from crm.staff.models import Agent

MAX_FAILURES = 10
LOCK_MINUTES = 15


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody whose password was right, or whom a provider vouched for.

    Args:
        due: what is still owed before they are let in: `prove` a second factor, `enrol` one; empty: nothing.
    """

    agent_id: int
    session_epoch: int
    language: str
    due: str = ""


def is_locked(uow: UnitOfWork, agent: Agent) -> bool:
    return agent.locked_until is not None and uow.now < agent.locked_until


def count_failure(uow: UnitOfWork, agent: Agent) -> None:
    agent.failed_logins += 1
    uow.record(AgentLogInFailed(subject_id=agent.id))
    if agent.failed_logins >= MAX_FAILURES:
        agent.failed_logins = 0
        agent.locked_until = uow.now + timedelta(minutes=LOCK_MINUTES)
        uow.record(AgentLocked(subject_id=agent.id))


def let_in(uow: UnitOfWork, agent: Agent, due: str = "") -> LoggedIn:
    """All the way when nothing is due. Half-way, failures stay counted: whoever knows a password alone must
    not wipe out, by giving it again, the codes they guessed wrong.
    """
    if not due:
        agent.failed_logins, agent.locked_until, agent.last_login_at = 0, None, uow.now
        uow.record(AgentLoggedIn(subject_id=agent.id))
    return LoggedIn(agent.id, agent.session_epoch, agent.language, due)
