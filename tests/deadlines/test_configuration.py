"""A calendar file is read whole, or refused with all that is wrong."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from crm.deadlines import Calendar, CalendarError, load_calendar
from crm.foundation import ROOT


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_calendar_is_a_usual_french_week() -> None:
    calendar = load_calendar(ROOT / "config" / "calendar.toml")
    assert (calendar.cut_off, calendar.end_of_service, calendar.urgent_hours) == (time(17), time(18), 4)
    assert calendar.working_weekdays == frozenset(range(5))
    assert calendar.opening[5] == ((time(8), time(19)),)


def test_a_local_calendar(tmp_path: Path) -> None:
    calendar = load_calendar(
        _written(
            tmp_path,
            """
            working_days = ["monday", "saturday"]
            cut_off = "12:00"
            end_of_service = "16:30"
            alsace_moselle = true
            worked_holidays = [2026-05-25]
            [opening_hours]
            monday = ["08:30-12:00", "13:30-16:30"]
            [[closure]]
            on = 2026-08-14
            label = "Fête de la ville"
            """,
        )
    )
    assert calendar == Calendar(
        working_weekdays=frozenset({0, 5}),
        cut_off=time(12),
        end_of_service=time(16, 30),
        alsace_moselle=True,
        opening={0: ((time(8, 30), time(12)), (time(13, 30), time(16, 30)))},
        closures=frozenset({date(2026, 8, 14)}),
        worked_holidays=frozenset({date(2026, 5, 25)}),
    )


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        """
        time_zone = "Europe/Rivebois"
        working_days = ["lundi"]
        cut_off = "5 pm"
        urgent_hours = 0
        colour = "blue"
        [opening_hours]
        tuesday = ["08:30"]
        """,
    )
    with pytest.raises(CalendarError) as refused:
        load_calendar(path)
    told = "\n".join(refused.value.problems)
    for wrong in ("time_zone", "working_days", "cut_off", "urgent_hours", "colour", "opening_hours.tuesday"):
        assert wrong in told


def test_hours_that_contradict_each_other_are_refused_together(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        """
        working_days = []
        cut_off = "19:00"
        [opening_hours]
        monday = ["12:00-08:00"]
        """,
    )
    with pytest.raises(CalendarError) as refused:
        load_calendar(path)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("text", [None, "working_days = ["])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "absent.toml" if text is None else _written(tmp_path, text)
    with pytest.raises(CalendarError, match=r"n’existe pas|TOML valide"):
        load_calendar(path)


def test_an_hour_with_a_zone_is_no_hour(tmp_path: Path) -> None:
    path = _written(
        tmp_path, 'working_days = ["monday"]\n[service_hours]\nmonday = ["08:00-12:00-14:00", "07:00Z-12:00"]'
    )
    with pytest.raises(CalendarError) as refusal:
        load_calendar(path)
    assert ["12:00-14:00" in refusal.value.problems[0], "07:00Z" in refusal.value.problems[1]] == [True, True]
