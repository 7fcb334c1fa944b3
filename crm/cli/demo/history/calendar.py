"""When people write and call, and when agents work: seasons, weekdays, hours."""

from __future__ import annotations

from bisect import bisect
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from crm.deadlines import URGENT, Calendar, DelayUnit
from crm.foundation import PARIS

# Monday 140 %, Friday 85 %; the telephone is closed on Sundays, the site never is.
_WEEKDAYS = (1.4, 1.08, 1.0, 1.0, 0.85, 0.4, 0.22)
_AUGUST = 0.7
_HOURS = (0.3, 0.1, 0.1, 0.1, 0.2, 0.6, 2, 5, 9, 12, 13, 11, 6, 7, 11, 11, 10, 9, 7, 5, 4, 3, 2, 1)
_OPEN_HOURS = tuple(weight if 8 <= hour < 18 else 0 for hour, weight in enumerate(_HOURS))
_AT_ANY_HOUR = frozenset({"web", "email", "app"})


class Days:
    """Draws days between two dates, and the moment when a channel was used on that day."""

    def __init__(self, first: date, last: date) -> None:
        self.all = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        self._until = list(accumulate(map(_weight, self.all)))

    def draw(self, chance: Random) -> date:
        return self.all[bisect(self._until, chance.random() * self._until[-1])]


def _weight(day: date) -> float:
    return _WEEKDAYS[day.weekday()] * (_AUGUST if day.month == 8 else 1.0)


def moment(chance: Random, day: date, channel: str) -> datetime:
    hours = _HOURS if channel in _AT_ANY_HOUR else _OPEN_HOURS
    hour = chance.choices(range(24), hours)[0]
    local = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), tzinfo=PARIS)
    return local.astimezone(UTC)


class RememberingCalendar(Calendar):
    """The real calendar, asked once for each day and delay: demands of one day end the same day."""

    def due_at(self, received_at: datetime, delay: int, unit: DelayUnit, priority: int) -> datetime:
        if priority == URGENT:
            return super().due_at(received_at, delay, unit, priority)
        local = received_at.astimezone(self.time_zone)
        key = (id(self), local.date(), local.time() < self.cut_off, delay, unit)
        known = _KNOWN.get(key)
        if known is None:
            known = _KNOWN[key] = super().due_at(received_at, delay, unit, priority)
        return known


_KNOWN: dict[tuple[int, date, bool, int, str], datetime] = {}


def remembering(calendar: Calendar) -> RememberingCalendar:
    return RememberingCalendar(**{field.name: getattr(calendar, field.name) for field in fields(calendar)})


class Office:
    """Working hours, roughly: agents act between 8:00 and 17:30 on working days."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._worked: dict[date, bool] = {}

    def after(self, chance: Random, start: datetime, wait: timedelta) -> datetime:
        """A moment of work at least `wait` later: then if it is in working hours, else the next morning."""
        local = (start + wait).astimezone(PARIS)
        day, hour = local.date(), local.hour + local.minute / 60
        if hour < 17.5 and self.is_worked(day):
            return local.astimezone(UTC) if hour >= 8 else self._morning(chance, day)
        return self._morning(chance, self._next(day))

    def is_worked(self, day: date) -> bool:
        known = self._worked.get(day)
        if known is None:
            known = self._worked[day] = self._calendar.is_working_day(day)
        return known

    def next_days(self, day: date, how_many: int) -> date:
        """The working day that comes so many working days later."""
        for _ in range(how_many):
            day = self._next(day)
        return day

    def _next(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_worked(day):
            day += timedelta(days=1)
        return day

    def _morning(self, chance: Random, day: date) -> datetime:
        at = time(8 + chance.randrange(3), chance.randrange(60), chance.randrange(60))
        return datetime.combine(day, at, tzinfo=PARIS).astimezone(UTC)
