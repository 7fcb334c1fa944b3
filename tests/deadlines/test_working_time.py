"""Working time and pauses against an oracle that only watches a clock, minute after minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.deadlines import (
    LONGEST_PAUSE,
    Adapted,
    Calendar,
    CalendarError,
    Closure,
    NoWorkingDay,
    Pause,
    PauseReason,
    Span,
    WorkingTime,
    put_off,
    spans_of,
)
from crm.foundation import PARIS

MINUTE = timedelta(minutes=1)
# The nights clocks change, the ends of years, 29 February, Easter: where reckoning goes wrong.
_EDGES = (
    (2026, 3, 28),
    (2026, 10, 24),
    (2026, 12, 30),
    (2028, 2, 28),
    (2027, 3, 26),
    (2026, 5, 13),
    (2027, 12, 31),
)
starts = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(_EDGES),
    st.integers(-2 * 24 * 60, 2 * 24 * 60),
)
_HALF_DAYS = ((time(8), time(12)), (time(13, 30), time(17, 30)))
_HOURS = (
    _HALF_DAYS,
    ((time(8), time(18)),),
    ((time(0, 15), time(6)), (time(9), time(9, 1)), (time(20), time(23, 59))),  # over the nights of change
)
calendars = st.builds(
    lambda hours, alsace, closures, recurring: Calendar(
        working_weekdays=frozenset(hours),
        service=hours,
        alsace_moselle=alsace,
        closures=closures,
        recurring=recurring,
    ),
    st.dictionaries(st.integers(0, 6), st.sampled_from(_HOURS), min_size=1, max_size=6),
    st.booleans(),
    st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=3),
    st.sampled_from([(), (Closure(on=date(2025, 1, 6), repeats="monthly"),)]),
)


def watched(calendar: Calendar, start: datetime, without: Sequence[Span] = ()) -> Iterator[datetime]:
    """Each whole minute from `start` on during which somebody works: the moment it begins."""
    tick = start
    while True:
        local = tick.astimezone(PARIS)
        at_work = calendar.is_working_day(local.date()) and any(
            begins <= local.time() < ends for begins, ends in calendar.service[local.weekday()]
        )
        if at_work and not any(one <= tick < other for one, other in without):
            yield tick
        tick += MINUTE


def spans_from(start: datetime, gaps: Sequence[tuple[int, int]]) -> list[Span]:
    """Pauses in order and apart: so many minutes on, so many long."""
    found, at = [], start
    for wait, lasts in gaps:
        since = at + wait * MINUTE
        at = since + lasts * MINUTE
        found.append((since, at))
    return found


gaps = st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 6000)), max_size=2)


@settings(max_examples=60, deadline=None)
@given(calendars, starts, st.integers(1, 1500), gaps)
def test_an_amount_of_work_ends_when_the_watchman_has_counted_it(
    calendar: Calendar, start: datetime, minutes: int, paused: list[tuple[int, int]]
) -> None:
    spans = spans_from(start, paused)
    clock = watched(calendar, start, spans)
    last = [next(clock) for _ in range(minutes)][-1]
    assert WorkingTime(calendar).after(start, minutes * MINUTE, spans) == last + MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars, starts, st.integers(0, 8000), gaps)
def test_what_lies_between_two_moments_is_what_the_watchman_counts(
    calendar: Calendar, start: datetime, lasts: int, paused: list[tuple[int, int]]
) -> None:
    end, spans = start + lasts * MINUTE, spans_from(start, paused)
    counted = 0
    for tick in watched(calendar, start, spans):
        if tick >= end:
            break
        counted += 1
    assert WorkingTime(calendar).between(start, end, spans) == counted * MINUTE


@settings(max_examples=40, deadline=None)
@given(calendars, starts, st.integers(1, 4), gaps)
def test_a_pause_puts_the_date_off_by_the_work_it_took(
    calendar: Calendar, start: datetime, delay: int, paused: list[tuple[int, int]]
) -> None:
    working, spans = WorkingTime(calendar), spans_from(start, paused)
    due_at = calendar.due_at(start, delay, "working_day", 3)
    budget = sum(1 for _ in _until(watched(calendar, start), due_at))
    moved = put_off(working, start, due_at, spans)
    if sum(1 for _ in _until(watched(calendar, start, spans), due_at)) == budget:
        assert moved == due_at
        return
    clock = watched(calendar, start, spans)
    reached = [next(clock) for _ in range(budget)][-1] + MINUTE
    assert moved == max(due_at, calendar.end_of_day(reached))
    assert calendar.is_working_day(calendar.day_of(moved))


def _until(clock: Iterator[datetime], end: datetime) -> Iterator[datetime]:
    for tick in clock:
        if tick >= end:
            return
        yield tick


@settings(max_examples=100, deadline=None)
@given(calendars, starts, st.integers(0, 3000), st.integers(0, 3000), gaps)
def test_there_and_back_again(
    calendar: Calendar, start: datetime, one: int, other: int, paused: list[tuple[int, int]]
) -> None:
    working, spans = WorkingTime(calendar), spans_from(start, paused)
    few, many = sorted((one, other))
    reached = working.after(start, few * MINUTE, spans)
    assert working.between(start, reached, spans) == few * MINUTE
    assert reached <= working.after(start, many * MINUTE, spans)


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


WEEK = Calendar(service=dict.fromkeys(range(5), _HALF_DAYS), end_of_service=time(17, 30), cut_off=time(17))


@pytest.mark.parametrize(
    ("start", "due", "paused", "expected"),
    [
        # Friday afternoon to Tuesday morning: the week-end inside the pause is nobody's loss.
        (
            "2026-09-10 09:00",
            "2026-09-17 17:30",
            [("2026-09-11 13:30", "2026-09-15 12:00")],
            "2026-09-21 17:30",
        ),
        # A pause that fills a week-end and nothing else moves nothing.
        (
            "2026-09-10 09:00",
            "2026-09-17 17:30",
            [("2026-09-11 17:30", "2026-09-14 08:00")],
            "2026-09-17 17:30",
        ),
        # What begins once the date is missed excuses nothing.
        (
            "2026-09-10 09:00",
            "2026-09-11 17:30",
            [("2026-09-14 08:00", "2026-09-15 12:00")],
            "2026-09-11 17:30",
        ),
        # Over the night in which an hour is missing, and over Christmas and the first of January.
        (
            "2026-03-27 09:00",
            "2026-03-31 17:30",
            [("2026-03-27 13:30", "2026-03-30 12:00")],
            "2026-04-01 17:30",
        ),
        (
            "2026-12-23 08:00",
            "2026-12-24 17:30",
            [("2026-12-24 08:00", "2027-01-04 08:00")],
            "2027-01-04 17:30",
        ),
    ],
)
def test_pauses_a_person_can_check_by_hand(
    start: str, due: str, paused: list[tuple[str, str]], expected: str
) -> None:
    spans = [(paris(one), paris(other)) for one, other in paused]
    assert put_off(WorkingTime(WEEK), paris(start), paris(due), spans) == paris(expected)


def test_two_pauses_count_fifteen_days_each_and_the_third_not_at_all() -> None:
    asked = [paris("2026-09-01 10:00") + timedelta(days=30 * rank) for rank in range(3)]
    lasting = [Pause(PauseReason.DOCUMENT, since) for since in asked]
    assert spans_of(lasting) == tuple((since, since + LONGEST_PAUSE) for since in asked[:2])
    answered = Pause(PauseReason.PRECISION, asked[0], asked[0] + timedelta(days=2))
    assert spans_of([answered]) == ((asked[0], asked[0] + timedelta(days=2)),)


def test_two_questions_at_once_are_not_waited_for_twice() -> None:
    first = paris("2026-09-01 10:00")
    second = first + timedelta(days=10)
    both = [Pause(PauseReason.PRECISION, first), Pause(PauseReason.ACCESS, second)]
    assert spans_of(both) == ((first, first + LONGEST_PAUSE), (first + LONGEST_PAUSE, second + LONGEST_PAUSE))


def test_a_house_that_works_no_more_says_so_instead_of_counting_for_ever() -> None:
    days = range(date(2026, 1, 1).toordinal(), date(2028, 6, 1).toordinal())
    shut = WorkingTime(Calendar(closures=frozenset(map(date.fromordinal, days))))
    with pytest.raises(NoWorkingDay):
        shut.after(paris("2026-02-01 10:00"), timedelta(hours=1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": {0: ((time(12), time(8)),)}},
        {"service": {6: ((time(8), time(12)),)}},
        {"recurring": (Closure(on=date(2026, 5, 2), until=date(2026, 5, 1)),)},
        {"recurring": (Closure(on=date(2026, 1, 1), until=date(2026, 12, 31)),)},
    ],
)
def test_hours_and_closures_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(CalendarError):
        Calendar(**wrong)  # type: ignore[arg-type]


def test_who_needs_support_has_twice_the_time_to_answer() -> None:
    since = paris("2026-09-01 10:00")
    lasting = [Pause(PauseReason.DOCUMENT, since)]
    assert spans_of(lasting, Adapted().longest_pause(needs=True)) == ((since, since + 2 * LONGEST_PAUSE),)
    assert Adapted(answer_times=3).longest_pause(needs=False) == LONGEST_PAUSE
