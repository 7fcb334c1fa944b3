"""What agents change of their own account, and what an administrator changes of a password or a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, NotFound, UnitOfWork, clean
from crm.staff.events import (
    AgentAnonymityChanged,
    AgentPasswordChanged,
    AgentPreferencesChanged,
)
from crm.staff.granting import agent_named
from crm.staff.models import DENSITIES, Agent
from crm.staff.passwords import check_password, hash_password, is_right
from crm.staff.shortcuts import checked_keys
from crm.staff.trying import LoggedIn

_EXTENSION = re.compile(r"[\w.@+-]{1,60}", re.ASCII)


def change_password(uow: UnitOfWork, old: str, new: str) -> LoggedIn:
    """The agent's own. Every session ends; the door opens this one again with what is returned.

    Raises:
        NotAllowed.
        Invalid: `old_password` → `wrong_password`; or why the new one is weak.
    """
    require(uow.actor, Permission.SELF_EDIT)
    agent = _myself(uow)
    if not is_right(agent.password_hash, old):
        raise Invalid({"old_password": "wrong_password"})
    if is_right(agent.password_hash, new):
        raise Invalid({"password": "same_password"})
    _set_password(uow, agent, new)
    return LoggedIn(agent.id, agent.session_epoch, agent.language)


def reset_password(uow: UnitOfWork, email: str, new: str) -> None:
    """Somebody's: what they had forgotten no longer opens anything, their sessions end, a lock is lifted.

    Raises:
        NotAllowed, NotFound.
        Invalid: why the password is weak.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent = agent_named(uow, email)
    _set_password(uow, agent, new)
    agent.failed_logins, agent.locked_until = 0, None


def set_anonymity(uow: UnitOfWork, email: str, *, on: bool, motive: str = "") -> None:
    """Whether usagers are told the agent's name (CRPA L111-2: not where public safety or theirs forbids it).

    The motive stays with the account, and the fact in the trail.

    Raises:
        NotAllowed, NotFound.
        Invalid: `motive` → `required`, to hide the name.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    agent, why = agent_named(uow, email), clean(motive)
    if on and not why:
        raise Invalid({"motive": "required"})
    if agent.is_anonymous != on:
        uow.record(AgentAnonymityChanged(subject_id=agent.id, on=on))
    agent.is_anonymous, agent.anonymity_motive = on, why


def choose_density(uow: UnitOfWork, density: str) -> None:
    """Raises Invalid: `density` → `unknown`."""
    require(uow.actor, Permission.SELF_EDIT)
    if density not in DENSITIES:
        raise Invalid({"density": "unknown"})
    _myself(uow).density = density
    _note_preference(uow, "density")


def choose_digest(uow: UnitOfWork, *, wanted: bool) -> None:
    """The Monday message of one's commune."""
    require(uow.actor, Permission.SELF_EDIT)
    _myself(uow).weekly_digest = wanted
    _note_preference(uow, "weekly_digest")


def switch_shortcuts(uow: UnitOfWork, *, on: bool) -> None:
    require(uow.actor, Permission.SELF_EDIT)
    _myself(uow).shortcuts_on = on
    _note_preference(uow, "shortcuts")


def choose_extension(uow: UnitOfWork, typed: str) -> None:
    """The telephone set that one answers; nothing for none. Calls that ring there show on one's screen.

    Raises:
        Invalid: `extension` → `unknown` (not a number or a short name) or `taken` by a colleague.
    """
    require(uow.actor, Permission.SELF_EDIT)
    said = clean(typed)
    if said and not _EXTENSION.fullmatch(said):
        raise Invalid({"extension": "unknown"})
    me = _myself(uow)
    if said and uow.session.scalar(sa.select(Agent.id).where(Agent.extension == said, Agent.id != me.id)):
        raise Invalid({"extension": "taken"})
    me.extension = said or None
    _note_preference(uow, "extension")


def choose_keys(uow: UnitOfWork, typed: Mapping[str, str]) -> None:
    """Give other keys to acts.

    Raises:
        Invalid: act → why that key cannot serve; nothing is changed.
    """
    require(uow.actor, Permission.SELF_EDIT)
    _myself(uow).shortcut_keys = dict(checked_keys(typed))
    _note_preference(uow, "keys")


def _set_password(uow: UnitOfWork, agent: Agent, new: str) -> None:
    check_password(new)
    agent.password_hash = hash_password(new)
    agent.session_epoch += 1
    uow.record(AgentPasswordChanged(subject_id=agent.id))


def _note_preference(uow: UnitOfWork, what: str) -> None:
    uow.record(AgentPreferencesChanged(subject_id=uow.actor.id or 0, what=what))


def _myself(uow: UnitOfWork) -> Agent:
    agent = uow.session.get(Agent, uow.actor.id, with_for_update=True, populate_existing=True)
    if agent is None:
        raise NotFound()
    return agent
