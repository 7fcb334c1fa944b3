"""Calendars as they are kept: the centre's, read from config/calendar.toml until one is published on screen,
and those of units that work other hours.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from crm.deadlines import (
    ADAPTED,
    Adapted,
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
from crm.promises.models import CalendarVersion, UnitCalendar

FILE = ROOT / "config" / "calendar.toml"
_TTL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """Args:
    version: 0 for the file, before anything was published.
    written: as it is edited; see config/calendar.toml.
    calendar_id: None for the centre's.
    """

    version: int
    calendar: Calendar
    written: Mapping[str, Any]
    calendar_id: int | None = None


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


def usable(written: Mapping[str, Any], today: date, *, answers: bool = True) -> Calendar:
    """
    Args:
        answers: somebody takes calls by it, as by the centre's.

    Raises:
        CalendarError: it cannot be read, or nobody would ever work or answer by it.
    """
    calendar = read_calendar(written)
    problems = []
    try:
        calendar.next_working_day(today)
    except NoWorkingDay as never:
        problems += never.problems
    if answers and not any(calendar.opening.values()):
        problems.append("aucune plage d’accueil : personne ne répondrait jamais")
    if problems:
        raise CalendarError(problems)
    return calendar


def calendar_in_force(session: Session, calendar_id: int | None = None) -> KeptCalendar:
    """The latest published; for the centre's, else the file.

    Raises:
        NotFound: no such calendar.
    """
    row = session.scalar(
        sa.select(CalendarVersion)
        .where(CalendarVersion.calendar_id.is_not_distinct_from(calendar_id))
        .order_by(CalendarVersion.version.desc())
        .limit(1)
    )
    if row is not None:
        return _kept(row)
    if calendar_id is not None:
        raise NotFound(calendar=calendar_id)
    return _of_file(session)


def _kept(row: CalendarVersion) -> KeptCalendar:
    return KeptCalendar(row.version, read_calendar(row.written), row.written, row.calendar_id)


def _of_file(session: Session) -> KeptCalendar:
    """What stands before the first publication; the setting of the place adds its holidays."""
    written = written_calendar(FILE)
    if session.info.get("alsace_moselle"):
        written["alsace_moselle"] = True
    return KeptCalendar(0, read_calendar(written, FILE.name), written)


def calendar_version(session: Session, version: int) -> KeptCalendar:
    """As it was published. Raises NotFound."""
    if version == 0:
        return _of_file(session)
    row = session.get(CalendarVersion, version)
    if row is None:
        raise NotFound(version=version)
    return _kept(row)


def calendar_history(
    session: Session, calendar_id: int | None = None, *, limit: int = 50
) -> list[VersionLine]:
    """The latest first."""
    of_it = CalendarVersion.calendar_id.is_not_distinct_from(calendar_id)
    newest = sa.select(CalendarVersion).where(of_it).order_by(CalendarVersion.version.desc())
    return [
        VersionLine(
            row.version, row.note, row.made_at, row.made_by_id, row.to_reckon, row.reckoned, row.reckoned_at
        )
        for row in session.scalars(newest.limit(limit))
    ]


def calendars_in_force(session: Session) -> dict[int | None, KeptCalendar]:
    """Calendar's id → as it is now; None → the centre's. One statement."""
    latest = sa.select(sa.func.max(CalendarVersion.version)).group_by(CalendarVersion.calendar_id)
    rows = session.scalars(sa.select(CalendarVersion).where(CalendarVersion.version.in_(latest)))
    found = {row.calendar_id: _kept(row) for row in rows}
    return found if None in found else {None: _of_file(session), **found}


def reckoning(session: Session, adapted: Adapted = ADAPTED) -> Reckoning:
    """By what clocks are reckoned at this moment, read afresh. Two statements, and one more for each version
    no longer in force that a clock put off still names.

    Args:
        adapted: what is given to who needs support; only clocks depend on it.
    """
    earlier = cache(lambda version: WorkingTime(calendar_version(session, version).calendar))
    by = {
        id_: Reckoning(WorkingTime(one.calendar), one.version, adapted=adapted, earlier=earlier)
        for id_, one in calendars_in_force(session).items()
    }
    given = session.scalars(sa.select(UnitCalendar))
    return replace(by[None], units={row.unit_id: by[row.calendar_id] for row in given})


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
    """The centre's calendar, asked again at most every ten seconds. One per process; threads share it.

    Pages that hold without the database go by what was last read, or by the file.
    """

    def __init__(self, sessions: Sessions, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._ticks = ticks
        self._lock = threading.Lock()
        self._kept = _of_file(sessions())
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
        newest = sa.select(sa.func.coalesce(sa.func.max(CalendarVersion.version), 0)).where(
            CalendarVersion.calendar_id.is_(None)
        )
        try:
            with self._sessions() as session:
                if session.scalar(newest) != self._kept.version:
                    self._kept = calendar_in_force(session)
        except OperationalError:
            return
