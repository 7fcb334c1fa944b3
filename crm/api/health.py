"""Is the programme alive, and can it work? Said for a supervisor and for a person alike."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from crm.http import public, reading, wiring
from crm.http.schema import is_right

bp = Blueprint("health", __name__)
# Written by the workers (workers/queues.py, which this floor cannot see); it goes out by itself.
HEARTBEAT_KEY = "crm:worker:heartbeat"


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when everything answers, else 503; either way, what is up and what is down."""
    found = {name: check() for name, check in _CHECKS.items()}
    down = [name for name, trouble in found.items() if trouble]
    body = {
        "status": "down" if down else "ready",
        "down": down,
        "checks": {name: trouble or "ok" for name, trouble in found.items()},
    }
    return body, 503 if down else 200


def _database() -> str:
    try:
        with reading() as session:
            session.execute(sa.text("SELECT 1"))
    except SQLAlchemyError as trouble:
        return f"unreachable ({type(trouble).__name__})"
    return ""


def _migrations() -> str:
    try:
        with reading() as session:
            right = is_right(session)
    except SQLAlchemyError as trouble:
        return f"unknown ({type(trouble).__name__})"
    return "" if right else "the schema is not the one this version needs: crm db upgrade"


def _redis() -> str:
    try:
        wiring().redis.ping()
    except (RedisError, OSError) as trouble:
        return f"unreachable ({type(trouble).__name__})"
    return ""


def _worker() -> str:
    try:
        beats = wiring().redis.exists(HEARTBEAT_KEY)
    except (RedisError, OSError) as trouble:
        return f"unknown ({type(trouble).__name__})"
    return "" if beats else "no worker has given a sign of life for a minute"


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "worker": _worker,
}
