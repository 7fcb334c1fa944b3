"""The decision table in force, and former ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.routing.models import CompetenceRule, RoutingTable
from crm.routing.rules import Rule, Table

_NO_TABLE = Table(0, ())  # before any rule was loaded: everything is to be qualified


def current_table(session: Session, at: datetime) -> Table:
    """The version in force at a moment; version 0, without rules, before the first one."""
    row = session.scalars(_in_force(at)).one_or_none()
    return _table(session, row) if row else _NO_TABLE


def table_version(session: Session, version: int) -> Table | None:
    """A given version, to explain a past decision or replay it."""
    row = session.scalars(sa.select(RoutingTable).where(RoutingTable.version == version)).one_or_none()
    return _table(session, row) if row else None


def _in_force(at: datetime) -> sa.Select[RoutingTable]:
    newest = RoutingTable.published_at.desc(), RoutingTable.version.desc()
    return sa.select(RoutingTable).where(RoutingTable.published_at <= at).order_by(*newest).limit(1)


def _table(session: Session, row: RoutingTable) -> Table:
    columns = CompetenceRule.__table__.columns
    kept = session.execute(sa.select(*columns).where(columns.table_id == row.id)).mappings()
    rules = tuple(_rule(dict(line)) for line in kept)
    return Table(row.version, rules, row.outside_advice, row.outside_advice_en)


def _rule(line: dict[str, object]) -> Rule:
    del line["table_id"]
    answers = line.pop("answers")
    weekdays = line.pop("weekdays")
    assert isinstance(answers, dict) and isinstance(weekdays, list)
    accepted = {key: tuple(values) for key, values in answers.items()}
    return Rule(answers=accepted, weekdays=frozenset(weekdays), **line)  # type: ignore[arg-type]


class RoutingCache:
    """The table in force, asked again at most every ten seconds. One per process; threads share it."""

    def __init__(self, ttl_seconds: float = 10, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ttl_seconds = ttl_seconds
        self._ticks = ticks
        self._lock = threading.Lock()
        self._table = _NO_TABLE
        self._stale_at = float("-inf")

    def table(self, session: Session, at: datetime) -> Table:
        if self._ticks() < self._stale_at:
            return self._table
        with self._lock:
            if self._ticks() >= self._stale_at:
                row = session.scalars(_in_force(at)).one_or_none()
                if row is None:
                    self._table = _NO_TABLE
                elif row.version != self._table.version:  # the rules are read only when they changed
                    self._table = _table(session, row)
                self._stale_at = self._ticks() + self._ttl_seconds
            return self._table
