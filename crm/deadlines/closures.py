"""Days that the centre closes of its own accord: one or several in a row, once or again and again. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule, weekday

Repeats = Literal["once", "weekly", "monthly", "yearly"]
REPEATS: tuple[Repeats, ...] = ("once", "weekly", "monthly", "yearly")
LONGEST_DAYS = 92  # closed longer in one go is no calendar but another centre
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """From `on` to `until`, both closed.

    Args:
        until: the last day; None for a single one.
        repeats: `weekly` and `yearly` on the same day or date (29 February: leap years alone); `monthly` on
            the same weekday of the same rank, « le premier lundi », the fifth being the last.
    """

    on: date
    until: date | None = None
    repeats: Repeats = "once"
    label: str = ""

    @property
    def length_days(self) -> int:
        return ((self.until or self.on) - self.on).days + 1

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days it closes from `first` to `last`, both included."""
        for begins in self._beginnings(first - timedelta(days=self.length_days), last):
            for rank in range(self.length_days):
                if first <= (day := begins + rank * _ONE_DAY) <= last:
                    yield day

    def _beginnings(self, first: date, last: date) -> Iterator[date]:
        if self.repeats == "once":
            yield self.on
            return
        starts = datetime.combine(self.on, time())
        until = datetime.combine(last, time())
        rule = {
            "weekly": lambda: rrule(WEEKLY, dtstart=starts, until=until),
            "monthly": lambda: rrule(MONTHLY, dtstart=starts, until=until, byweekday=_same_rank(self.on)),
            "yearly": lambda: rrule(YEARLY, dtstart=starts, until=until),
        }[self.repeats]()
        yield from (found.date() for found in rule if found.date() >= first)


def _same_rank(day: date) -> weekday:
    """Its weekday, and which one of its month it is."""
    rank = (day.day - 1) // 7 + 1
    return weekday(day.weekday(), rank if rank < 5 else -1)


@lru_cache(maxsize=512)
def closed_days(closures: tuple[Closure, ...], year: int) -> frozenset[date]:
    """All that they close in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return frozenset(day for closure in closures for day in closure.days(first, last))
