"""Tables' base, engines and sessions. PostgreSQL only."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=_NAMES)
    type_annotation_map = {
        str: sa.Text(),
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[str]: sa.ARRAY(sa.Text()),
    }


Sessions = sessionmaker[Session]


def open_engine(url: str, *, forked: bool = False, pool_size: int = 8) -> sa.Engine:
    """An engine on PostgreSQL by psycopg 3.

    Args:
        url: `postgresql://…` as an operator writes it.
        forked: True in workers that fork; connections must not be shared across a fork.
    """
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    connect = {"options": "-c timezone=UTC", "connect_timeout": 5}
    if forked:
        engine = sa.create_engine(address, poolclass=sa.NullPool, connect_args=connect, hide_parameters=True)
    else:
        engine = sa.create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args=connect,
            hide_parameters=True,  # an error's text must not quote what people wrote
        )
        sa.event.listen(engine, "checkin", _note_use)
        sa.event.listen(engine, "checkout", _ask_after_rest)
    sa.event.listen(engine, "handle_error", _know_a_shutdown)
    return engine


_RESTED_SECONDS = (
    1.0  # a connection used a moment ago is alive; asking each time costs each request a journey
)


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _ask_after_rest(connection: psycopg.Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Raises DisconnectionError, on which the pool opens another one."""
    if time.monotonic() - record.info.get("used", float("inf")) < _RESTED_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as lost:
        raise sa.exc.DisconnectionError from lost


_SHUTDOWN = frozenset({"57P01", "57P02", "57P03"})  # by an administrator, by a crash, not up yet


def _know_a_shutdown(context: sa.ExceptionContext) -> None:
    """A server that says farewell is gone: the pool then gives another connection rather than the error."""
    if getattr(context.original_exception, "sqlstate", None) in _SHUTDOWN:
        context.is_disconnect = True


def session_factory(engine: sa.Engine, *, alsace_moselle: bool = False) -> Sessions:
    """
    Args:
        alsace_moselle: a setting of the place; whoever reads the calendar with one of these sessions asks it.
    """
    return sessionmaker(engine, expire_on_commit=False, info={"alsace_moselle": alsace_moselle})
