"""« 42 h prévues / 35 h »: a unit's week in words, above what it plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask_login import current_user
from sqlalchemy.orm import Session

from crm.cases.rounds import UnitWeek, weeks_of
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import whole_number
from crm.http.dates import day, today


@dataclass(frozen=True, slots=True)
class WeekLine:
    """
    Args:
        unit: named only where there are several.
        days: « lundi 14 septembre (12 h) ».
    """

    unit: str
    when: str
    load: str
    is_exceeded: bool
    days: list[str]


def week_lines(session: Session, unit_ids: Collection[int] | None = None) -> list[WeekLine]:
    """This week and the next. One statement; none for who is in no unit.

    Args:
        unit_ids: None for the agent's own.
    """
    own = current_user.actor.unit_ids if unit_ids is None else unit_ids
    weeks = weeks_of(session, current_user.actor, own, today())
    several = len({week.unit_id for week in weeks}) > 1
    return [_line(week, several=several) for week in weeks]


def _line(week: UnitWeek, *, several: bool) -> WeekLine:
    this_one = week.monday <= today()
    return WeekLine(
        unit=week.unit_name if several else "",
        when=_("Cette semaine") if this_one else _("La semaine prochaine"),
        load=_("%(planned)s prévues / %(there)s", planned=in_hours(week.planned), there=in_hours(week.there)),
        is_exceeded=week.is_exceeded,
        days=_days(week.heavy or week.days),
    )


def _days(days: Mapping[date, int]) -> list[str]:
    return [f"{day(on)} ({in_hours(minutes)})" for on, minutes in days.items()]


def in_hours(minutes: int) -> str:
    """« 42 h », « 7 h 30 », « 0 h »; in English too. Figures stay with their unit."""
    hours, left = divmod(minutes, 60)
    return f"{hours}\u202fh\u202f{left:02d}" if left else f"{hours}\u202fh"


def minutes_typed(typed: str) -> int | None:
    """How long an intervention takes; None when nothing was said.

    Raises:
        Invalid: not a number.
    """
    if not typed.strip():
        return None
    told = whole_number(typed.strip())
    if told is None:
        raise Invalid({"minutes": "minutes"})
    return told
