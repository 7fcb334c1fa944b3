"""Pages are served on the schema they were written for, and on no other."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
import structlog
from flask import Flask, request
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from crm.foundation import ROOT, Unavailable
from crm.http.doors import forgo_reading, reading

log = structlog.get_logger()
_SERVED = "crm_schema_is_right"
_ANYHOW = ("static", "health.", "metrics.")  # they tell what is wrong, or read no table


def is_right(session: Session) -> bool:
    try:
        at = session.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
    except ProgrammingError:  # no such table: nothing was ever migrated
        session.rollback()
        return False
    return list(at) == [_newest()]


@cache
def _newest() -> str:
    """Migrations are named by their order; asking Alembic would keep it in every web process."""
    return max(file.stem for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def install(app: Flask) -> None:
    app.before_request(lambda: _check(app))


def _check(app: Flask) -> None:
    """Asked until the answer is yes: who has begun to serve goes on while the next version migrates.

    Raises:
        Unavailable: the schema is another version's.
    """
    if app.extensions.get(_SERVED) or (request.endpoint or "static").startswith(_ANYHOW):
        return
    try:
        with reading() as session:
            right = is_right(session)
    except OperationalError:
        return  # the page itself tells what it cannot do without the database
    if not right:
        log.error("wrong_schema", run="crm db upgrade")
        forgo_reading()
        raise Unavailable(server="postgresql", why="wrong_schema")
    app.extensions[_SERVED] = True
