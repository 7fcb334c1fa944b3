"""The clocks of the law, against dates reckoned by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.deadlines import (
    Calendar,
    acknowledgement_clock,
    load_calendar,
    registration_clock,
    silence_decides_on,
)
from crm.foundation import PARIS, ROOT


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar(ROOT / "config" / "calendar.toml")


def _paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[arg-type,misc]


def test_registration_has_until_the_end_of_the_next_working_day(calendar: Calendar) -> None:
    assert registration_clock(calendar, _paris(2026, 9, 15, 10)).due_at == _paris(2026, 9, 17, 0)
    friday_night = registration_clock(calendar, _paris(2026, 9, 18, 23, 30))
    assert friday_night.due_at == _paris(2026, 9, 22, 0), "the Monday"
    assert friday_night.alert_at == _paris(2026, 9, 19, 0, 30)


def test_the_day_is_that_of_paris_whatever_the_server_thinks(calendar: Calendar) -> None:
    nearly_midnight = datetime(2026, 9, 14, 22, 30, tzinfo=UTC)  # already the 15th in Paris
    assert registration_clock(calendar, nearly_midnight).due_at == _paris(2026, 9, 17, 0)


def test_acknowledgement_has_ten_working_days_and_warns_when_the_eighth_begins(calendar: Calendar) -> None:
    clock = acknowledgement_clock(calendar, _paris(2026, 9, 15, 18, 59))
    assert clock.due_at == _paris(2026, 9, 30, 0), "ten working days after the 15th end with the 29th"
    assert clock.alert_at == _paris(2026, 9, 25, 0)


def test_holidays_do_not_count_and_the_change_of_hour_moves_nothing(calendar: Calendar) -> None:
    clock = acknowledgement_clock(calendar, _paris(2026, 10, 23, 10))  # the 25th has 25 hours, 11 Nov. later
    assert clock.due_at == _paris(2026, 11, 7, 0)
    over_armistice = acknowledgement_clock(calendar, _paris(2026, 11, 2, 10))
    assert over_armistice.due_at == _paris(2026, 11, 18, 0)


@pytest.mark.parametrize(
    ("received", "months", "expected"),
    [
        (_paris(2026, 12, 31, 9), 2, date(2027, 2, 28)),
        (_paris(2027, 12, 31, 9), 2, date(2028, 2, 29)),
        (_paris(2026, 9, 15, 9), 2, date(2026, 11, 15)),  # a Sunday: silence does not wait for Monday
        (_paris(2026, 1, 31, 9), 1, date(2026, 2, 28)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 2, date(2027, 3, 1)),  # 1 January here
    ],
)
def test_silence_decides_on_the_same_day_of_the_month_or_its_last(
    received: datetime, months: int, expected: date
) -> None:
    assert silence_decides_on(received, months) == expected
