"""The moments that part what waits: ages in working days, late, about to be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.deadlines import Calendar
from crm.foundation import PARIS

AGES = ("0-1", "2-5", "6-10", "11")  # working days since the usager addressed us; the last has no end
_ONE_DAY = timedelta(days=1)
_PATIENCE_DAYS = 400
SOON_DAYS = 2
_CALL_WARNING = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Args:
    one, five, ten: received since then is at most so many working days old.
    soon: the end of the second working day after today.
    call: a call promised before then is at risk.
    """

    now: datetime
    midnight: datetime
    one: datetime
    five: datetime
    ten: datetime
    soon: datetime
    call: datetime


def moments(calendar: Calendar, now: datetime) -> Moments:
    today = now.astimezone(PARIS).date()
    return Moments(
        now=now,
        midnight=_start(today),
        one=_start(oldest_day(calendar, today, 1)),
        five=_start(oldest_day(calendar, today, 5)),
        ten=_start(oldest_day(calendar, today, 10)),
        soon=_start(_after(calendar, today, SOON_DAYS) + _ONE_DAY),
        call=now + _CALL_WARNING,
    )


def oldest_day(calendar: Calendar, today: date, working_days: int) -> date:
    """The first day since which no more than so many working days began, today's included."""
    day, begun = today, 0
    for _ in range(_PATIENCE_DAYS):
        begun += calendar.is_working_day(day)
        if begun > working_days:
            break
        day -= _ONE_DAY
    return day


def _after(calendar: Calendar, day: date, working_days: int) -> date:
    left = working_days
    for _ in range(_PATIENCE_DAYS):
        if left == 0:
            break
        day += _ONE_DAY
        left -= calendar.is_working_day(day)
    return day


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS)
