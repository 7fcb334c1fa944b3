"""A calendar becomes a version: at once, or on a day to come, on which it takes effect by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import PARIS, Conflict, NotFound, UnitOfWork
from crm.promises.again import expect_reckoning
from crm.promises.calendars import reckoning
from crm.promises.events import CalendarPlanned, CalendarPublished, CalendarWithdrawn
from crm.promises.models import CalendarVersion, PlannedCalendar

_CHANGING = 7_305_220_195  # one at a time
_TO_COME = (PlannedCalendar.version.is_(None), PlannedCalendar.withdrawn_at.is_(None))


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A calendar published for a day to come.

    Args:
        calendar_id: None for the centre's.
        state: `to_come`, `in_force` (it became a version, the latest or not) or `withdrawn`.
    """

    id: int
    calendar_id: int | None
    written: Mapping[str, Any]
    note: str
    takes_effect_on: date
    made_by_id: int | None
    state: str


def planned_calendars(session: Session) -> dict[int | None, PlannedLine]:
    """Calendar's id → what it is to become; None → the centre's. One statement."""
    rows = session.scalars(sa.select(PlannedCalendar).where(*_TO_COME))
    return {row.calendar_id: _line(row) for row in rows}


def planned_calendar(session: Session, planned_id: int) -> PlannedLine:
    """To come, in force or withdrawn. Raises NotFound."""
    row = session.get(PlannedCalendar, planned_id)
    if row is None:
        raise NotFound(planned=planned_id)
    return _line(row)


def latest_planned(session: Session, calendar_id: int | None) -> PlannedLine | None:
    """The last one of a calendar, whatever became of it."""
    mine = PlannedCalendar.calendar_id.is_not_distinct_from(calendar_id)
    row = session.scalar(sa.select(PlannedCalendar).where(mine).order_by(PlannedCalendar.id.desc()).limit(1))
    return _line(row) if row else None


def plan_version(
    uow: UnitOfWork, written: Mapping[str, Any], note: str, calendar_id: int | None, on: date
) -> None:
    """What was checked already takes effect on that day, at midnight in Paris."""
    require(uow.actor, Permission.CALENDAR_MANAGE)
    row = PlannedCalendar(
        calendar_id=calendar_id,
        written=dict(written),
        note=note,
        takes_effect_on=on,
        made_at=uow.now,
        made_by_id=uow.actor.id,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(CalendarPlanned(subject_id=row.id, calendar_id=calendar_id, takes_effect_on=on.isoformat()))


def withdraw_planned(uow: UnitOfWork, planned_id: int) -> PlannedLine:
    """It will not take effect. What it says is kept, to be corrected and published again.

    Raises:
        NotFound.
        Conflict: it is in force already.
    """
    require(uow.actor, Permission.CALENDAR_MANAGE)
    one_at_a_time(uow.session)
    row = uow.session.get(PlannedCalendar, planned_id, populate_existing=True)
    if row is None:
        raise NotFound(planned=planned_id)
    if row.version is not None:
        raise Conflict(version=row.version)
    if row.withdrawn_at is None:
        row.withdrawn_at = uow.now
        uow.record(CalendarWithdrawn(subject_id=row.id, calendar_id=row.calendar_id))
    return _line(row)


def bring_planned_in(uow: UnitOfWork) -> int:
    """Those whose day has come are gone by from now on, as if they were published now. Returns how many."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    today = uow.now.astimezone(PARIS).date()
    due = sa.select(PlannedCalendar).where(*_TO_COME, PlannedCalendar.takes_effect_on <= today)
    if uow.session.scalar(sa.select(due.exists())) is not True:
        return 0
    one_at_a_time(uow.session)
    rows = uow.session.scalars(due.order_by(PlannedCalendar.id)).all()
    for row in rows:
        row.version = publish_version(uow, row.written, row.note, row.calendar_id, by=row.made_by_id)
    return len(rows)


def publish_version(
    uow: UnitOfWork, written: Mapping[str, Any], note: str, calendar_id: int | None, *, by: int | None
) -> int:
    """Numbered through all calendars, so that a clock's version names its calendar as well."""
    require(uow.actor, Permission.CALENDAR_MANAGE)
    version = (uow.session.scalar(sa.select(sa.func.max(CalendarVersion.version))) or 0) + 1
    uow.session.add(
        CalendarVersion(
            version=version,
            calendar_id=calendar_id,
            written=dict(written),
            note=note,
            made_at=uow.now,
            made_by_id=by,
        )
    )
    uow.session.flush()
    expect_reckoning(uow.session, reckoning(uow.session), uow.now)
    uow.record(CalendarPublished(subject_id=version, version=version, calendar_id=calendar_id))
    return version


def one_at_a_time(session: Session) -> None:
    """Whoever else changes calendars waits until this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHANGING)))


def _line(row: PlannedCalendar) -> PlannedLine:
    became = "to_come" if row.version is None else "in_force"
    return PlannedLine(
        row.id,
        row.calendar_id,
        row.written,
        row.note,
        row.takes_effect_on,
        row.made_by_id,
        "withdrawn" if row.withdrawn_at else became,
    )
