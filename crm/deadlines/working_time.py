"""Time that the services work, as against time that passes: how much lies between two moments, and where some
amount of it ends. What is taken out (a pause) is given as intervals and never as a sum. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from crm.deadlines.calendar import PATIENCE_DAYS, Calendar, NoWorkingDay

Span = tuple[datetime, datetime]
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()


class WorkingTime:
    """Working time by a calendar. Slots are hours of the wall; what they last is what really passes, so that
    one which spans a night of change is an hour shorter or longer.

    Days are looked up once and kept: thousands of clocks are reckoned by one of these.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._known: dict[date, tuple[Span, ...]] = {}

    def between(self, start: datetime, end: datetime, without: Sequence[Span] = ()) -> timedelta:
        """How much is worked from one moment to another, what lies in `without` left out; none if `end` comes
        first."""
        worked = _NOTHING
        for begins, ends in self._days(start, end):
            for one, other in _outside(max(begins, start), min(ends, end), without):
                worked += other - one
        return worked

    def after(self, start: datetime, worked: timedelta, without: Sequence[Span] = ()) -> datetime:
        """The moment, in UTC, at which that much has been worked since `start`: the end of a slot rather than
        the beginning of the next one. For nothing at all: the first moment worked.

        Raises:
            NoWorkingDay: the services work no more.
        """
        left = worked
        for begins, ends in self._ahead(start):
            for one, other in _outside(max(begins, start), ends, without):
                if other - one >= left:
                    return (one + left).astimezone(UTC)
                left -= other - one
        raise AssertionError("the slots ahead never end")

    def part_of(
        self, start: datetime, due_at: datetime, part: float, without: Sequence[Span] = ()
    ) -> datetime:
        """The moment at which a part (0 to 1) of what is worked from `start` to `due_at` has been worked."""
        return self.after(start, self.between(start, due_at, without) * part, without)

    def _slots(self, day: date) -> tuple[Span, ...]:
        if day not in self._known:
            self._known[day] = self.calendar.slots_on(day)
        return self._known[day]

    def _days(self, start: datetime, end: datetime) -> Iterator[Span]:
        day, last = self.calendar.day_of(start), self.calendar.day_of(end)
        while day <= last:
            yield from self._slots(day)
            day += _ONE_DAY

    def _ahead(self, start: datetime) -> Iterator[Span]:
        day, idle = self.calendar.day_of(start), 0
        while idle <= PATIENCE_DAYS:
            slots = self._slots(day)
            idle = 0 if slots else idle + 1
            yield from slots
            day += _ONE_DAY
        raise NoWorkingDay([f"les services ne travaillent aucun jour après le {start:%d/%m/%Y}"])


def _outside(begins: datetime, ends: datetime, without: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span once others, in order and apart, are taken out of it."""
    for one, other in without:
        if begins < ends and one < ends and other > begins:
            if begins < one:
                yield begins, one
            begins = other
    if begins < ends:
        yield begins, ends
