"""The calendar the centre goes by: read from config/calendar.toml, then as it is published on screen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm.deadlines import (
    Calendar,
    CalendarError,
    NoWorkingDay,
    WorkingTime,
    closure_of,
    read_calendar,
    written_calendar,
)
from crm.foundation import ROOT, NotFound, Sessions
from crm.promises.clocks import Reckoning
from crm.promises.models import CalendarVersion

FILE = ROOT / "config" / "calendar.toml"
_TTL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """Args:
    version: 0 for the file, before anything was published.
    written: as it is edited; see config/calendar.toml.
    """

    version: int
    calendar: Calendar
    written: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One publication, and how far the clocks that ran then have been reckoned again."""

    version: int
    note: str
    made_at: datetime
    made_by_id: int | None
    to_reckon: int
    reckoned: int
    reckoned_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a preview. `why`: the label of a closure, `holiday`, or empty."""

    on: date
    slots: tuple[tuple[datetime, datetime], ...]
    why: str


def usable(written: Mapping[str, Any], today: date) -> Calendar:
    """
    Raises:
        CalendarError: it cannot be read, or nobody would ever work or answer by it.
    """
    calendar = read_calendar(written)
    problems = []
    try:
        calendar.next_working_day(today)
    except NoWorkingDay as never:
        problems += never.problems
    if not any(calendar.opening.values()):
        problems.append("aucune plage d’accueil : personne ne répondrait jamais")
    if problems:
        raise CalendarError(problems)
    return calendar


def calendar_in_force(session: Session) -> KeptCalendar:
    """The latest published, else the file."""
    newest = sa.select(CalendarVersion.version, CalendarVersion.written)
    row = session.execute(newest.order_by(CalendarVersion.version.desc()).limit(1)).one_or_none()
    return KeptCalendar(row.version, read_calendar(row.written), row.written) if row else calendar_of_file()


def calendar_of_file(*, alsace_moselle: bool = False) -> KeptCalendar:
    written = written_calendar(FILE)
    if alsace_moselle:
        written = {**written, "alsace_moselle": True}
    return KeptCalendar(0, read_calendar(written, FILE.name), written)


def calendar_version(session: Session, version: int) -> KeptCalendar:
    """As it was published. Raises NotFound."""
    if version == 0:
        return calendar_of_file()
    row = session.get(CalendarVersion, version)
    if row is None:
        raise NotFound(version=version)
    return KeptCalendar(row.version, read_calendar(row.written), row.written)


def calendar_history(session: Session, limit: int = 50) -> list[VersionLine]:
    """The latest first."""
    rows = session.scalars(sa.select(CalendarVersion).order_by(CalendarVersion.version.desc()).limit(limit))
    return [
        VersionLine(
            row.version, row.note, row.made_at, row.made_by_id, row.to_reckon, row.reckoned, row.reckoned_at
        )
        for row in rows
    ]


def reckoning(session: Session) -> Reckoning:
    """By what clocks are reckoned at this moment, read afresh."""
    kept = calendar_in_force(session)
    return Reckoning(WorkingTime(kept.calendar), kept.version)


def days_ahead(
    calendar: Calendar, written: Mapping[str, Any], first: date, days: int = 30
) -> list[PlannedDay]:
    """What a calendar makes of the days to come."""
    labels = _labels(written, first, first + timedelta(days=days))
    found = []
    for rank in range(days):
        on = first + timedelta(days=rank)
        why = labels.get(on) or ("holiday" if calendar.is_holiday(on) else "")
        found.append(PlannedDay(on, calendar.slots_on(on), why))
    return found


def _labels(written: Mapping[str, Any], first: date, last: date) -> dict[date, str]:
    """Each closed day with the words that whoever closed it gave."""
    return {
        day: label
        for closure in written.get("closure", ())
        if (label := str(closure.get("label", "")))
        for day in closure_of(closure).days(first, last)
    }


class CalendarCache:
    """The calendar in force, asked again at most every ten seconds. One per process; threads share it.

    Pages that hold without the database go by what was last read, or by the file.

    Args:
        alsace_moselle: a setting of the place, for the file; what is published says it itself.
    """

    def __init__(
        self, sessions: Sessions, *, alsace_moselle: bool = False, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions = sessions
        self._ticks = ticks
        self._lock = threading.Lock()
        self._kept = calendar_of_file(alsace_moselle=alsace_moselle)
        self._stale_at = float("-inf")

    def get(self) -> KeptCalendar:
        if self._ticks() < self._stale_at:
            return self._kept
        with self._lock:
            if self._ticks() >= self._stale_at:
                self._read()
                self._stale_at = self._ticks() + _TTL_SECONDS
            return self._kept

    def forget(self) -> None:
        """Read again at the next call: this very process published another."""
        self._stale_at = float("-inf")

    def _read(self) -> None:
        newest = sa.select(sa.func.coalesce(sa.func.max(CalendarVersion.version), 0))
        try:
            with self._sessions() as session:
                if session.scalar(newest) != self._kept.version:
                    self._kept = calendar_in_force(session)
        except OperationalError:
            return
