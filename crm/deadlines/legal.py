"""The clocks of the law: receipts, and silence that decides. They run strictly from reception; pure.

Days are those of Paris, not of the server: 31 December at 23:30 UTC is 1 January here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from crm.deadlines.calendar import Calendar
from crm.foundation import PARIS

REGISTRATION_DAYS, ACKNOWLEDGEMENT_DAYS, ALERT_DAYS = 1, 10, 8  # working days: CRPA R112-11-3
EARLY = timedelta(days=15)  # a favourable answer within it makes an acknowledgement needless: CRPA L112-3
ALARM = timedelta(days=15)  # before silence decides
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LegalClock:
    """From when a supervisor is warned, and the first moment that is too late."""

    alert_at: datetime
    due_at: datetime


def registration_clock(calendar: Calendar, received_at: datetime) -> LegalClock:
    """« Instantané, à défaut dans un délai d’un jour ouvré » : one hour without it is worth a look."""
    return LegalClock(
        received_at + timedelta(hours=1), _after_working_days(calendar, received_at, REGISTRATION_DAYS)
    )


def acknowledgement_clock(calendar: Calendar, received_at: datetime) -> LegalClock:
    """Ten working days; the alert is given when the eighth begins."""
    alert = _after_working_days(calendar, received_at, ALERT_DAYS) - _ONE_DAY
    return LegalClock(alert, _after_working_days(calendar, received_at, ACKNOWLEDGEMENT_DAYS))


def silence_decides_on(received_at: datetime, months: int) -> date:
    """The day on which silence becomes a decision: the same day `months` later, or the last of that month.

    31 December + 2 months is 28 or 29 February. It is not put off to a working day: nobody has to act on it.
    """
    day: date = received_at.astimezone(PARIS).date() + relativedelta(months=months)
    return day


def _after_working_days(calendar: Calendar, received_at: datetime, days: int) -> datetime:
    """Midnight at the end of the `days`-th working day after the day of reception, whatever its hour."""
    day = received_at.astimezone(PARIS).date()
    for _ in range(days):
        day = calendar.next_working_day(day + _ONE_DAY)
    return datetime.combine(day + _ONE_DAY, time(), tzinfo=PARIS).astimezone(UTC)
