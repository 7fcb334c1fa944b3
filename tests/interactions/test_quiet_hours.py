"""Nobody's telephone rings at night, on Sundays nor on holidays, for what the programme sends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from crm.deadlines import load_calendar
from crm.foundation import PARIS, ROOT
from crm.interactions import QuietHours, peace_left

USUAL = QuietHours(is_holiday=load_calendar(ROOT / "config" / "calendar.toml").is_holiday)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def _leaves(now: str, quiet: QuietHours = USUAL) -> str:
    at = _at(now)
    return f"{(at + peace_left(at, quiet)).astimezone(PARIS):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-09-15 08:00", "2026-09-15 08:00"),
        ("2026-09-15 19:59", "2026-09-15 19:59"),
        ("2026-09-15 20:00", "2026-09-16 08:00"),
        ("2026-09-15 07:59", "2026-09-15 08:00"),
        ("2026-09-19 20:00", "2026-09-21 08:00"),
        ("2026-09-20 12:00", "2026-09-21 08:00"),
        ("2026-10-24 23:00", "2026-10-26 08:00"),  # the clocks go back on the Sunday
        ("2026-03-28 23:00", "2026-03-30 08:00"),
        ("2026-11-11 10:00", "2026-11-12 08:00"),  # Armistice Day, a Wednesday
        ("2026-11-10 21:00", "2026-11-12 08:00"),
        ("2026-12-24 22:00", "2026-12-26 08:00"),
        ("2026-04-04 21:00", "2026-04-07 08:00"),  # Easter, then its Monday
    ],
)
def test_what_is_queued_when_it_is_quiet_leaves_when_it_ends(now: str, leaves: str) -> None:
    assert _leaves(now) == leaves


def test_a_centre_sets_its_own_hours_and_days() -> None:
    later = QuietHours(begins=time(21, 30), ends=time(9), sundays=False)
    assert _leaves("2026-09-20 12:00", later) == "2026-09-20 12:00"
    assert _leaves("2026-11-11 10:00", later) == "2026-11-11 10:00"
    assert _leaves("2026-09-15 21:00", later) == "2026-09-15 21:00"
    assert _leaves("2026-09-15 21:30", later) == "2026-09-16 09:00"


@examples(
    st.integers(1_577_836_800, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC)),
    st.frozensets(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=5),
)
def test_whatever_the_moment_it_leaves_by_day(at: datetime, holidays: frozenset[date]) -> None:
    quiet = replace(USUAL, is_holiday=lambda day: day in holidays)
    leaves = at + peace_left(at, quiet)
    assert peace_left(leaves, quiet) == timedelta()
    assert leaves - at <= timedelta(days=8)
