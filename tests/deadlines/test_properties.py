"""The calendar against an oracle that knows no arithmetic: it watches a clock, minute after minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.deadlines import Calendar
from crm.foundation import PARIS

STANDARD = 3
_FIRST, _LAST = datetime(2024, 1, 1), datetime(2029, 12, 31)  # noqa: DTZ001  hypothesis adds the zone
moments = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))
near_clock_changes = st.builds(
    lambda night, hours: night + timedelta(hours=hours),
    st.sampled_from(
        [datetime(y, m, d, tzinfo=UTC) for y, m, d in ((2026, 3, 29), (2026, 10, 25), (2027, 3, 28))]
    ),
    st.floats(-40, 40),
)
receptions = st.one_of(moments, near_clock_changes)
calendars = st.builds(
    Calendar,
    working_weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    cut_off=st.sampled_from([time(9), time(12, 30), time(17), time(18)]),
    alsace_moselle=st.booleans(),
    closures=st.frozensets(st.dates(date(2024, 1, 1), date(2030, 1, 1)), max_size=20),
)


def _minutes_from(moment: datetime) -> Iterator[datetime]:
    """The moment itself, then every whole minute after it, as local wall-clock time."""
    yield moment.astimezone(PARIS)
    tick = moment.replace(second=0, microsecond=0)
    while True:
        tick += timedelta(minutes=1)
        yield tick.astimezone(PARIS)


def watched_due(calendar: Calendar, received_at: datetime, delay: int) -> datetime:
    clock = _minutes_from(received_at)
    day_zero = next(
        now.date() for now in clock if now.time() < calendar.cut_off and calendar.is_working_day(now.date())
    )
    passed = -1 if delay else 0
    for now in clock:
        ends = now.time() == calendar.end_of_service and now.date() >= day_zero
        if ends and calendar.is_working_day(now.date()):
            passed += 1
            if passed >= delay:
                return now.astimezone(UTC)
    raise AssertionError("a clock never stops")


@settings(max_examples=60, deadline=None)
@given(calendars, receptions, st.integers(0, 3))
def test_the_due_date_is_the_one_a_watchman_would_find(
    calendar: Calendar, received_at: datetime, delay: int
) -> None:
    assert calendar.due_at(received_at, delay, "working_day", STANDARD) == watched_due(
        calendar, received_at, delay
    )


@settings(max_examples=300, deadline=None)
@given(calendars, receptions, receptions, st.integers(0, 60), st.integers(1, 4))
def test_who_comes_later_is_never_promised_earlier(
    calendar: Calendar, one: datetime, other: datetime, delay: int, priority: int
) -> None:
    earlier, later = sorted((one, other))
    assert calendar.due_at(earlier, delay, "working_day", priority) <= calendar.due_at(
        later, delay, "working_day", priority
    )


@settings(max_examples=300, deadline=None)
@given(calendars, receptions, receptions, st.integers(1, 12))
def test_months_keep_the_order_too_and_never_exceed_the_calendar(
    calendar: Calendar, one: datetime, other: datetime, months: int
) -> None:
    earlier, later = sorted((one, other))
    first, second = (calendar.due_at(at, months, "month", STANDARD) for at in (earlier, later))
    assert earlier < first <= second
    assert (first.astimezone(PARIS).date() - earlier.astimezone(PARIS).date()).days <= 31 * months


@settings(max_examples=300, deadline=None)
@given(calendars, receptions, st.integers(0, 60))
def test_a_promise_ends_on_a_working_day_after_reception_and_longer_delays_end_later(
    calendar: Calendar, received_at: datetime, delay: int
) -> None:
    due_at = calendar.due_at(received_at, delay, "working_day", STANDARD)
    assert due_at > received_at
    assert calendar.is_working_day(due_at.astimezone(PARIS).date())
    assert due_at < calendar.due_at(received_at, delay + 1, "working_day", STANDARD)
