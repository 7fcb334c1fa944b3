"""Closures of one centre: a bridge, a week in August, the first Monday of each month."""

from __future__ import annotations

from datetime import date

import pytest

from crm.deadlines import Calendar, Closure, read_calendar


def closed(closure: Closure, first: date, last: date) -> list[str]:
    return [day.isoformat() for day in closure.days(first, last)]


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (Closure(on=date(2026, 5, 15)), ["2026-05-15"]),
        (Closure(on=date(2026, 4, 29), until=date(2026, 5, 2)), ["2026-05-01", "2026-05-02"]),
        (Closure(on=date(2025, 5, 8), repeats="yearly"), ["2026-05-08"]),
        (Closure(on=date(2026, 1, 5), repeats="monthly"), ["2026-05-04"]),  # the first Monday
        (Closure(on=date(2026, 1, 30), repeats="monthly"), ["2026-05-29"]),  # the fifth Friday: the last one
        (Closure(on=date(2026, 5, 16), repeats="weekly"), ["2026-05-16", "2026-05-23", "2026-05-30"]),
        (Closure(on=date(2026, 6, 1), repeats="weekly"), []),  # not before it begins
    ],
)
def test_what_is_closed_in_a_month_of_may(closure: Closure, expected: list[str]) -> None:
    assert closed(closure, date(2026, 5, 1), date(2026, 5, 31)) == expected


def test_the_29th_of_february_comes_back_in_leap_years_alone() -> None:
    leap = Closure(on=date(2024, 2, 29), repeats="yearly")
    assert closed(leap, date(2024, 1, 1), date(2029, 1, 1)) == ["2024-02-29", "2028-02-29"]


def test_a_closure_over_new_year_closes_both_years() -> None:
    calendar = Calendar(recurring=(Closure(on=date(2025, 12, 29), until=date(2026, 1, 2), repeats="yearly"),))
    shut = [date(2026, 12, 31), date(2027, 1, 2), date(2027, 12, 29)]
    assert [calendar.is_holiday(day) for day in shut] == [True, True, True]
    assert not calendar.is_holiday(date(2027, 1, 4))


def test_they_are_read_from_what_is_written_with_hours_of_service() -> None:
    calendar = read_calendar(
        {
            "working_days": ["monday"],
            "service_hours": {"monday": ["08:30-12:00", "13:30-17:00"]},
            "closure": [
                {"on": "2026-05-15", "label": "Pont"},
                {"on": "2026-12-24", "until": "2026-12-31", "repeats": "yearly", "label": "Fin d’année"},
            ],
        }
    )
    assert calendar.closures == {date(2026, 5, 15)}
    assert calendar.is_holiday(date(2029, 12, 27))
    assert [len(calendar.slots_on(date(2026, 9, day))) for day in (14, 15)] == [2, 0]
