"""What every door holds: the wiring, who acts, a unit of work, a session to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.foundation import RESIDENT, Actor, UnitOfWork
from crm.wiring import Wiring

READING = "crm.reading"
_LOST = "crm_database_lost"
_ACTED = "acted"  # what is read from then on is read apart: it must see what the act did


def wiring() -> Wiring:
    held: Wiring = current_app.extensions["crm"]
    return held


def forgo_reading() -> None:
    """The database went away: the page that says so must not ask it anything."""
    setattr(g, _LOST, True)


def may_read() -> bool:
    return not g.get(_LOST, False)


def actor() -> Actor:
    """The agent who is logged in, else a resident."""
    return current_user.actor if current_user.is_authenticated else RESIDENT


def unit_of_work(acting: Actor | None = None) -> UnitOfWork:
    """One act of the person at the door (or of `acting`), committed when the block is left.

    It goes on in the transaction of what was read so far: one connection a request, one journey fewer.
    """
    who = acting or actor()  # asked first: knowing them may read
    session = None
    if has_request_context():
        session = request.environ.get(READING)
        request.environ[READING] = _ACTED
    if not isinstance(session, Session):
        return wiring().units.begin(who)
    session.expunge_all()  # an act reads again what it changes
    return wiring().units.begin(who, session)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that never writes, the same for all that a request reads before it acts."""
    shared = request.environ.get(READING) if has_request_context() else _ACTED
    if shared is _ACTED:
        with wiring().units.reading() as own:
            yield own
        return
    session = cast(Session, request.environ.setdefault(READING, shared or wiring().sessions()))
    try:
        yield session
    except BaseException:
        session.rollback()  # whoever tells of the failure may read again
        raise


def _end_reading(environ: dict[str, object]) -> None:
    session = environ.pop(READING, None)
    if isinstance(session, Session):
        session.close()  # whatever was changed by mistake is rolled back


def install(app: Flask) -> None:
    @app.after_request
    def answered(response: Response) -> Response:
        _end_reading(request.environ)
        return response

    @app.teardown_request
    def failed(_error: BaseException | None) -> None:
        _end_reading(request.environ)
