"""What is done by the clock of Paris, once, whatever the number of hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from crm.foundation import PARIS, Delivery, FrozenClock
from crm.notifications import TimetableRun
from crm.wiring import Wiring
from tests.own_database import queue_mails
from workers.timetable import TASKS, Task, Timetable


def _nothing(_: Wiring) -> None:
    """A task with no effect."""


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 3, 29, 3, 0, tzinfo=PARIS), datetime(2026, 3, 28, 3, 40, tzinfo=PARIS)),
        (datetime(2026, 3, 29, 4, 0, tzinfo=PARIS), datetime(2026, 3, 29, 3, 40, tzinfo=PARIS)),
        (datetime(2026, 10, 25, 12, 0, tzinfo=PARIS), datetime(2026, 10, 25, 3, 40, tzinfo=PARIS)),
        (datetime(2026, 1, 1, 0, 5, tzinfo=PARIS), datetime(2025, 12, 31, 3, 40, tzinfo=PARIS)),
    ],
)
def test_the_daily_hour_is_that_of_paris_on_both_nights_of_change(now: datetime, slot: datetime) -> None:
    task = Task("daily", _nothing, at=time(3, 40))
    assert task.last_slot(now.astimezone(UTC)).astimezone(UTC) == slot.astimezone(UTC)


def test_a_task_is_done_once_a_slot_and_remembers_it(wired: Wiring) -> None:
    clock = FrozenClock(datetime(2026, 9, 15, 8, 1, tzinfo=UTC))
    done: list[datetime] = []
    task = Task("count", lambda w: done.append(w.clock.now()), every=timedelta(minutes=5))
    timetable = Timetable(replace(wired, clock=clock), (task,))
    assert timetable.do_due() == ["count"]
    assert timetable.do_due() == []
    clock.at += timedelta(minutes=5)
    assert timetable.do_due() == ["count"]
    assert len(done) == 2
    with wired.sessions() as session:
        run = session.scalars(sa.select(TimetableRun)).one()
    assert run.last_done_at == clock.at and run.last_error is None


def test_one_task_failing_is_noted_tried_again_and_stops_no_other(wired: Wiring) -> None:
    def fail(_: Wiring) -> None:
        raise ValueError("Ana Lopez")

    clock = FrozenClock(datetime(2026, 9, 15, 8, 1, tzinfo=UTC))
    tasks = (Task("bad", fail, at=time(3, 40)), Task("good", _nothing, at=time(3, 40)))
    timetable = Timetable(replace(wired, clock=clock), tasks)
    assert timetable.do_due() == ["bad", "good"]
    with wired.sessions() as session:
        errors = {run.name: run.last_error for run in session.scalars(sa.select(TimetableRun))}
    assert errors == {"bad": "ValueError", "good": None}
    assert timetable.do_due() == []
    clock.at += timedelta(minutes=6)
    assert timetable.do_due() == ["bad"]


def test_two_hosts_one_leads(wired: Wiring) -> None:
    one, other = Timetable(wired, ()), Timetable(wired, ())
    with one._leading() as first, other._leading() as second:
        assert (first(), second()) == (True, False)
    with other._leading() as second:
        assert second() is True


def test_deliveries_done_long_ago_are_forgotten_and_no_other(wired: Wiring) -> None:
    queue_mails(wired.units, ["a@usagers.example", "b@usagers.example", "c@usagers.example"])
    with wired.engine.begin() as connection:
        ids = list(connection.scalars(sa.select(Delivery.id).order_by(Delivery.id)))
        now = datetime.now(UTC)
        for one, days in ((ids[0], 31), (ids[1], 29)):
            past = now - timedelta(days=days)
            connection.execute(sa.update(Delivery).where(Delivery.id == one).values(done_at=past))
    (prune,) = (task for task in TASKS if task.name == "prune_deliveries")
    prune.do(wired)
    with wired.units.reading() as session:
        assert list(session.scalars(sa.select(Delivery.id).order_by(Delivery.id))) == ids[1:]
