"""The decision table in force, and former ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.routing.models import RoutingTable
from crm.routing.rows import rules_of
from crm.routing.rules import Table

NO_TABLE = Table(0, ())  # before any rule was loaded: everything is to be qualified


def current_table(session: Session, at: datetime) -> Table:
    """The version in force at a moment; version 0, without rules, before the first one."""
    row = session.scalars(_in_force(at)).one_or_none()
    return table_of(session, row) if row else NO_TABLE


def table_version(session: Session, version: int) -> Table | None:
    """A given version, to explain a past decision or replay it."""
    row = session.scalars(sa.select(RoutingTable).where(RoutingTable.version == version)).one_or_none()
    return table_of(session, row) if row else None


def version_in_force_from(session: Session, version: int) -> datetime | None:
    """Since when a version decides, or decided."""
    found = sa.select(RoutingTable.effective_at).where(RoutingTable.version == version)
    return session.scalar(found)


def _in_force(at: datetime) -> sa.Select[RoutingTable]:
    newest = RoutingTable.effective_at.desc(), RoutingTable.version.desc()
    return sa.select(RoutingTable).where(RoutingTable.effective_at <= at).order_by(*newest).limit(1)


def table_of(session: Session, row: RoutingTable) -> Table:
    """A version, or a draft as version 0, with its rules."""
    return Table(row.version or 0, rules_of(session, row.id), row.outside_advice, row.outside_advice_en)


class RoutingCache:
    """The table in force, asked again at most every ten seconds. One per process; threads share it.

    What was in force at a moment says nothing of another one, ten seconds later or before.
    """

    def __init__(self, ttl_seconds: float = 10, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ttl_seconds = ttl_seconds
        self._ticks = ticks
        self._lock = threading.Lock()
        self._table = NO_TABLE
        self._stale_at = float("-inf")
        self._asked_for = datetime.min.replace(tzinfo=UTC)

    def table(self, session: Session, at: datetime) -> Table:
        if self._is_fresh(at):
            return self._table
        with self._lock:
            if not self._is_fresh(at):
                row = session.scalars(_in_force(at)).one_or_none()
                if row is None:
                    self._table = NO_TABLE
                elif row.version != self._table.version:  # the rules are read only when they changed
                    self._table = table_of(session, row)
                self._stale_at, self._asked_for = self._ticks() + self._ttl_seconds, at
            return self._table

    def _is_fresh(self, at: datetime) -> bool:
        near = abs(at - self._asked_for) < timedelta(seconds=self._ttl_seconds)
        return near and self._ticks() < self._stale_at
