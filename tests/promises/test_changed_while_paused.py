"""A calendar or a delay that changes while a demand waits: nothing counted twice, nothing lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.promises.house import Promised, paris
from tests.promises.test_calendars import publish, reckon

PAUSED = (date(2026, 9, 17), date(2026, 9, 18))  # from Thursday at nine to Monday at nine: two days of work
DELAY = 5


def waiting(promised: Promised) -> str:
    """Received on Tuesday 15, due on Tuesday 22; a question left on Thursday."""
    reference = promised.open(received_at=paris("2026-09-15 10:00"))
    promised.follow()
    promised.at("2026-09-17 09:00")
    promised.act(reference, "ask")
    promised.send("question")
    promised.derive(reference)
    return reference


def answered(promised: Promised, reference: str) -> None:
    promised.at("2026-09-21 09:00")
    promised.act(reference, "reply")
    promised.follow()


def watched(closed: set[date]) -> tuple[date, date]:
    """Day after day, as a watchman: when it falls due without the pause, and with it."""

    def works(day: date) -> bool:
        return day.weekday() < 5 and day not in closed

    def after(day: date, days: int) -> date:
        while days:
            day += timedelta(days=1)
            days -= works(day)
        return day

    base = after(date(2026, 9, 15), DELAY)
    return base, after(base, sum(map(works, PAUSED)))


@pytest.mark.parametrize("early", [True, False], ids=["reckoned while it waits", "reckoned after the answer"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (
            "2026-09-18",
            "2026-09-18",
        ),  # inside the pause: that day is not lost, since nobody would have worked
        ("2026-09-22", "2026-09-22"),  # the very day it would have been due
        ("2026-09-24", "2026-09-25"),  # the days to which the pause puts it off
        ("2026-09-18", "2026-09-25"),
        ("2026-10-05", "2026-10-09"),  # later than everything
    ],
)
def test_a_calendar_published_during_a_pause(promised: Promised, first: str, last: str, early: bool) -> None:
    reference = waiting(promised)
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    # when
    publish(promised, closure=[{"on": first, "until": last, "label": "Fermé"}])
    if early:
        reckon(promised)
        assert promised.clocks(reference)["resolution"].calendar_version == 1
    answered(promised, reference)
    reckon(promised)
    # then
    closed = {begins + timedelta(days=n) for n in range((ends - begins).days + 1)}
    base, due = watched(closed)
    row = promised.clocks(reference)["resolution"]
    assert (row.base_due_at, row.due_at) == (paris(f"{base} 18:00"), paris(f"{due} 18:00"))
    assert promised.due_at(reference) == row.due_at
    promised.derive(reference)
    assert promised.clocks(reference)["resolution"].due_at == row.due_at, "derived again it is the same"


def test_the_watchman_and_the_house_agree_when_nothing_changes(promised: Promised) -> None:
    reference = waiting(promised)
    answered(promised, reference)
    base, due = watched(set())
    assert (base, due) == (date(2026, 9, 22), date(2026, 9, 24))
    assert promised.due_at(reference) == paris(f"{due} 18:00")


def test_a_delay_announced_during_a_pause_is_put_off_by_it_once(promised: Promised) -> None:
    reference = waiting(promised)
    promised.delay(reference, "2026-10-30")
    promised.follow()
    answered(promised, reference)
    promised.derive(reference)
    assert promised.due_at(reference) == paris("2026-11-03 18:00")  # two days of work lost, as from any date
    assert promised.clocks(reference)["answer"].base_due_at == paris(
        "2026-09-22 18:00"
    )  # the first one is judged


def _paused_then(promised: Promised, published_at: str) -> str:
    """Put off by two days by a pause that is over; at that moment another calendar is to be published."""
    reference = waiting(promised)
    answered(promised, reference)
    promised.at(published_at)
    return reference


def test_a_date_that_a_publication_left_is_the_one_that_the_next_fact_judges(promised: Promised) -> None:
    """By the calendar just published it would have ended on Thursday: nobody is late for that."""
    publish(promised, closure=[{"on": "2026-09-23", "label": "Pont"}])
    reference = _paused_then(promised, "2026-09-25 09:00")
    assert promised.due_at(reference) == paris("2026-09-25 18:00")
    publish(promised, seen=1)
    assert reckon(promised) == 0
    promised.later(hours=2)
    promised.act(reference, "plan")  # one fact, then the one that stops it
    promised.follow()
    assert promised.due_at(reference) == paris("2026-09-25 18:00")
    promised.act(reference, "resolve")
    promised.follow()
    row = promised.clocks(reference)["resolution"]
    assert row.met_at is not None and row.met_at < row.due_at == paris("2026-09-25 18:00")
    assert (row.rule, row.calendar_version) == ("given", 1)


def test_what_was_missed_is_not_kept_for_a_day_closed_afterwards(promised: Promised) -> None:
    reference = _paused_then(promised, "2026-09-25 09:00")
    publish(promised, closure=[{"on": "2026-09-23", "label": "Fermé, dit après coup"}])
    assert reckon(promised) == 0
    promised.later(hours=2)
    promised.act(reference, "resolve")
    promised.follow()
    row = promised.clocks(reference)["resolution"]
    assert row.met_at is not None and row.met_at > row.due_at == paris("2026-09-24 18:00")
