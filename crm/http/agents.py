"""Who is logged in: the Flask-Login adapter lives here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user
from sqlalchemy.exc import OperationalError

from crm.cases import UNSEEN_MENTIONS
from crm.foundation import Actor
from crm.http.doors import forgo_reading, may_read, reading
from crm.intake import DRAFTS_OF_AGENT
from crm.promises import NOTICES_OF_AGENT
from crm.staff import ACTOR, AgentCard, actor_for
from crm.trail import LAST_EVENT

_ACTOR = ACTOR.add_columns(DRAFTS_OF_AGENT, NOTICES_OF_AGENT, LAST_EVENT, UNSEEN_MENTIONS)


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """An agent in their browser."""

    actor: Actor
    card: AgentCard
    epoch: int

    def get_id(self) -> str:
        return f"{self.card.id}-{self.epoch}"


def install(app: Flask) -> None:
    manager = LoginManager(app)
    app.extensions["login"] = manager
    manager.login_view = "entrance.login"
    manager.login_message = None
    manager.user_loader(load)


def load(session_id: str) -> SignedIn | None:
    """One statement a request. An account disabled, or logged out everywhere, is nobody.

    Without the database nobody can be known: public pages open as to anybody, the others wait (see `gate`).
    """
    agent_id, _, epoch = session_id.partition("-")
    if not (agent_id.isdigit() and epoch.isdigit()):
        return None
    if not may_read():
        return None
    try:
        with reading() as open_session:
            found = actor_for(open_session, int(agent_id), int(epoch), _ACTOR)
    except OperationalError:
        forgo_reading()
        return None
    return SignedIn(*found, epoch=int(epoch)) if found else None


def sign_in(agent_id: int, epoch: int) -> None:
    """A fresh session: whatever the browser held before is gone."""
    user = load(f"{agent_id}-{epoch}")
    if user is None:
        return
    session.clear()
    session.permanent = True
    session["language"] = user.card.language
    login_user(user)
