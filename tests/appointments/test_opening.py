"""Which moments a rule opens: hours of a clock in Paris, closed days left out, each of them once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from crm.appointments.opening import Opening, checked, moments
from crm.foundation import PARIS, Invalid

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)  # Tuesday
TUESDAYS = Opening(
    key="k",
    meeting="phone",
    unit_id=1,
    first_on=date(2026, 9, 15),
    last_on=date(2026, 9, 30),
    weekdays=frozenset({1}),
    begins=time(14),
    ends=time(15),
    minutes=20,
)


def _open(opening: Opening) -> list[str]:
    return [f"{starts:%m-%d %H:%M}" for starts, _end in moments(opening, lambda day: False, NOW)]


def test_each_week_on_the_days_chosen_as_many_as_fit() -> None:
    assert _open(TUESDAYS) == [
        f"{day} {at}" for day in ("09-15", "09-22", "09-29") for at in ("14:00", "14:20", "14:40")
    ]
    assert _open(replace(TUESDAYS, minutes=25, last_on=date(2026, 9, 15))) == ["09-15 14:00", "09-15 14:25"]


def test_closed_days_and_moments_that_have_passed_are_left_out() -> None:
    closed = date(2026, 9, 22)
    open_days = {starts.date() for starts, _end in moments(TUESDAYS, lambda day: day == closed, NOW)}
    assert open_days == {date(2026, 9, 15), date(2026, 9, 29)}
    this_morning = replace(TUESDAYS, begins=time(9, 30), ends=time(10, 30), last_on=date(2026, 9, 15))
    assert _open(this_morning) == ["09-15 10:10"]  # it is ten: what has begun is not offered


def test_the_hour_of_the_wall_stays_when_summer_time_ends() -> None:
    autumn = replace(TUESDAYS, first_on=date(2026, 10, 20), last_on=date(2026, 10, 27), minutes=60)
    starts = [start for start, _end in moments(autumn, lambda day: False, NOW)]
    assert [start.hour for start in starts] == [14, 14]
    assert [start.astimezone(UTC).hour for start in starts] == [12, 13]
    assert all(start.tzinfo is PARIS for start in starts)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit_id": None}, "owner"),
        ({"meeting": "dream"}, "meeting"),
        ({"meeting": "office"}, "place"),
        ({"first_on": date(2026, 9, 14)}, "first_on"),
        ({"last_on": date(2026, 9, 14)}, "last_on"),
        ({"last_on": date(2028, 9, 14)}, "last_on"),
        ({"weekdays": frozenset()}, "weekdays"),
        ({"ends": time(14)}, "ends"),
        ({"minutes": 0}, "minutes"),
        ({"seats": 0}, "seats"),
    ],
)
def test_what_can_open_nothing_says_why(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(replace(TUESDAYS, **change), date(2026, 9, 15))  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
