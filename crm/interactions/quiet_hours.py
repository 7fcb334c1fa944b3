"""When a telephone is left in peace: what the programme sends by itself waits for the morning. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.foundation import PARIS

_SUNDAY = 6
_PATIENCE_DAYS = 15  # no run of quiet days is as long: the search ends, whatever the calendar
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """In hours of Paris.

    Args:
        begins: in the evening; `ends`: the next morning.
        sundays: they are quiet all day.
        is_holiday: says of a day that it is; such a day is quiet too.
    """

    begins: time = time(20)
    ends: time = time(8)
    sundays: bool = True
    is_holiday: Callable[[date], bool] = lambda _day: False

    def keeps_quiet(self, day: date) -> bool:
        """All day long."""
        return (self.sundays and day.weekday() == _SUNDAY) or self.is_holiday(day)


def peace_left(now: datetime, quiet: QuietHours) -> timedelta:
    """How long an automatic SMS waits; nothing by day."""
    local = now.astimezone(PARIS)
    day = local.date()
    if quiet.ends <= local.time() < quiet.begins and not quiet.keeps_quiet(day):
        return timedelta()
    if local.time() >= quiet.ends:
        day += _A_DAY
    for _ in range(_PATIENCE_DAYS):
        if not quiet.keeps_quiet(day):
            break
        day += _A_DAY
    return datetime.combine(day, quiet.ends, tzinfo=PARIS).astimezone(now.tzinfo) - now
