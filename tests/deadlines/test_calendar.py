"""The announced date, on the days that trap calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from crm.deadlines import URGENT, Announcement, Calendar, CalendarError, NoWorkingDay, load_calendar
from crm.foundation import PARIS, ROOT

STANDARD = 3
CENTRE = load_calendar(ROOT / "config" / "calendar.toml")


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def due(received: str, delay: int, *, calendar: Calendar = CENTRE, priority: int = STANDARD) -> str:
    at = calendar.due_at(paris(received), delay, "working_day", priority)
    return at.astimezone(PARIS).isoformat(" ", "minutes")[:16]


@pytest.mark.parametrize(
    ("received", "delay", "expected"),
    [
        ("2025-11-21 10:43", 5, "2025-11-28 18:00"),  # a Friday: the Friday after
        ("2025-12-22 10:00", 5, "2025-12-30 18:00"),  # skips Christmas and the week-end
        ("2026-12-22 10:00", 5, "2026-12-30 18:00"),
        ("2026-12-24 16:59", 1, "2026-12-28 18:00"),
        ("2026-12-24 17:00", 1, "2026-12-29 18:00"),  # after the cut-off, Monday is day 0
        ("2026-12-31 09:00", 1, "2027-01-04 18:00"),  # over the year's end
        ("2026-05-01 09:00", 1, "2026-05-05 18:00"),  # 1 May is a Friday: day 0 is Monday
        ("2026-05-13 09:00", 2, "2026-05-18 18:00"),  # Ascension Thursday skipped, the Friday worked
        ("2028-02-28 09:00", 1, "2028-02-29 18:00"),
        ("2028-02-29 17:30", 1, "2028-03-02 18:00"),
        ("2026-11-21 10:00", 0, "2026-11-23 18:00"),  # received on a Saturday
        ("2026-11-23 10:00", 0, "2026-11-23 18:00"),
    ],
)
def test_working_days_are_counted_from_reception(received: str, delay: int, expected: str) -> None:
    assert due(received, delay) == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-03-27T10:00:00+01:00", "2026-03-30T16:00:00+00:00"),  # 18:00 in Paris is 16:00 UTC in summer
        ("2026-03-29T00:59:59+00:00", "2026-03-31T16:00:00+00:00"),  # one second before the clocks jump
        ("2026-10-23T10:00:00+02:00", "2026-10-26T17:00:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-27T17:00:00+00:00"),  # 02:30, the first of the two
        ("2026-10-25T01:30:00+00:00", "2026-10-27T17:00:00+00:00"),  # 02:30, the second
    ],
)
def test_both_nights_when_the_clocks_change(received: str, expected: str) -> None:
    at = CENTRE.due_at(datetime.fromisoformat(received), 1, "working_day", STANDARD)
    assert at == datetime.fromisoformat(expected)
    assert at.tzinfo is UTC


def test_someone_in_danger_is_answered_in_elapsed_hours_day_and_night() -> None:
    assert due("2026-12-25 23:00", 1, priority=URGENT) == "2026-12-26 03:00"
    assert due("2026-10-25 01:30", 1, priority=URGENT) == "2026-10-25 04:30"  # that night has an hour more
    two_hours = Calendar(urgent_hours=2)
    assert due("2026-03-29 01:30", 1, priority=URGENT, calendar=two_hours) == "2026-03-29 04:30"


@pytest.mark.parametrize(
    ("received", "months", "expected"),
    [
        ("2026-01-31 10:00", 1, date(2026, 2, 27)),  # February ends on a Saturday: the Friday before
        ("2028-01-31 10:00", 1, date(2028, 2, 29)),
        ("2026-12-31 23:00", 2, date(2027, 2, 26)),  # no cut-off for a legal clock; 28 February is a Sunday
        ("2026-11-02 18:30", 2, date(2026, 12, 31)),  # 2 January is a Saturday, the 1st a holiday
    ],
)
def test_months_never_exceed_the_legal_date(received: str, months: int, expected: date) -> None:
    at = CENTRE.due_at(paris(received), months, "month", STANDARD)
    assert at.astimezone(PARIS) == datetime.combine(expected, time(18), tzinfo=PARIS)


def test_alsace_moselle_has_two_more_holidays() -> None:
    there = Calendar(alsace_moselle=True)
    assert CENTRE.is_working_day(date(2025, 12, 26)) and not there.is_working_day(date(2025, 12, 26))
    assert CENTRE.is_working_day(date(2026, 4, 3)) and not there.is_working_day(date(2026, 4, 3))
    assert due("2025-12-24 10:00", 1, calendar=there) == "2025-12-29 18:00"


def test_a_centre_closes_and_works_on_days_of_its_own() -> None:
    ours = Calendar(closures=frozenset({date(2026, 5, 15)}), worked_holidays=frozenset({date(2026, 5, 25)}))
    assert due("2026-05-13 10:00", 1, calendar=ours) == "2026-05-18 18:00"
    assert due("2026-05-22 10:00", 1, calendar=ours) == "2026-05-25 18:00"


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 9, 15, 10)  # noqa: DTZ001  the point of the test
    for ask in (CENTRE.is_open, CENTRE.announce):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)
    with pytest.raises(ValueError, match="time zone"):
        CENTRE.due_at(naive, 1, "working_day", URGENT)


@pytest.mark.parametrize(("delay", "unit"), [(-1, "working_day"), (0, "month")])
def test_a_delay_that_ends_before_it_begins_is_refused(delay: int, unit: str) -> None:
    with pytest.raises(ValueError, match="ends before"):
        CENTRE.due_at(paris("2026-09-15 10:00"), delay, unit, STANDARD)  # type: ignore[arg-type]


def test_a_calendar_without_any_working_day_says_so_instead_of_counting_for_ever() -> None:
    with pytest.raises(CalendarError, match="aucun jour ouvré"):
        Calendar(working_weekdays=frozenset())
    days = range(date(2026, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    shut = Calendar(closures=frozenset(map(date.fromordinal, days)))
    with pytest.raises(NoWorkingDay, match="aucun jour ouvré dans"):
        due("2026-02-01 10:00", 1, calendar=shut)


@pytest.mark.parametrize(
    ("moment", "answers"),
    [
        ("2026-09-15 10:00", True),
        ("2026-09-15 07:59", False),
        ("2026-09-15 08:00", True),
        ("2026-09-19 19:00", False),  # Saturday evening
        ("2026-12-25 10:00", False),  # Christmas is closed, the Saturday after it is not
        ("2026-12-26 10:00", True),
    ],
)
def test_when_someone_answers(moment: str, answers: bool) -> None:
    assert CENTRE.is_open(paris(moment)) is answers


def test_a_lunch_break_is_closed() -> None:
    town_hall = Calendar(opening={1: ((time(8, 30), time(12)), (time(13, 30), time(17)))})
    assert not town_hall.is_open(paris("2026-09-15 12:00"))
    assert town_hall.is_open(paris("2026-09-15 13:30"))


def test_the_announced_day_is_told_in_paris_and_with_an_hour_only_when_it_counts() -> None:
    at = CENTRE.due_at(paris("2025-11-17 09:00"), 5, "working_day", STANDARD)
    assert CENTRE.announce(at) == Announcement(on=date(2025, 11, 24), at=None)
    urgent = CENTRE.due_at(paris("2025-11-17 22:10"), 1, "working_day", URGENT)
    assert CENTRE.announce(urgent) == Announcement(on=date(2025, 11, 18), at=time(2, 10))
