"""Calendars besides the centre's, for units that work other hours: which there are, and who goes by each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import NotFound
from crm.promises.models import CalendarVersion, OwnCalendar, UnitCalendar
from crm.staff import Unit


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """Args:
    version: the one in force.
    units: id and name of those that go by it, in use or closed.
    """

    id: int
    name: str
    retired_at: datetime | None
    version: int
    units: tuple[tuple[int, str], ...]


def own_calendars(session: Session) -> list[CalendarLine]:
    """Every one by its name, those in use first. Two statements."""
    latest = sa.select(sa.func.max(CalendarVersion.version)).where(
        CalendarVersion.calendar_id == OwnCalendar.id
    )
    rows = session.execute(
        sa.select(
            OwnCalendar.id, OwnCalendar.name, OwnCalendar.retired_at, latest.scalar_subquery()
        ).order_by(OwnCalendar.retired_at.is_not(None), OwnCalendar.name_folded)
    ).all()
    units: dict[int, list[tuple[int, str]]] = {}
    named = sa.select(UnitCalendar.calendar_id, Unit.id, Unit.name).join(
        Unit, Unit.id == UnitCalendar.unit_id
    )
    for calendar_id, unit_id, name in session.execute(named.order_by(Unit.name, Unit.id)):
        units.setdefault(calendar_id, []).append((unit_id, name))
    return [
        CalendarLine(id_, name, retired_at, version, tuple(units.get(id_, ())))
        for id_, name, retired_at, version in rows
    ]


def own_calendar(session: Session, calendar_id: int) -> CalendarLine:
    """Raises NotFound."""
    found = next((line for line in own_calendars(session) if line.id == calendar_id), None)
    if found is None:
        raise NotFound(calendar=calendar_id)
    return found


def calendar_of_unit(session: Session, unit_id: int) -> int | None:
    """None: the centre's."""
    return session.scalar(sa.select(UnitCalendar.calendar_id).where(UnitCalendar.unit_id == unit_id))


def calendar_names(session: Session, versions: set[int]) -> dict[int, str]:
    """Version → the name of its calendar; without those of the centre's."""
    named = sa.select(CalendarVersion.version, OwnCalendar.name).join(
        OwnCalendar, OwnCalendar.id == CalendarVersion.calendar_id
    )
    return {row[0]: row[1] for row in session.execute(named.where(CalendarVersion.version.in_(versions)))}
