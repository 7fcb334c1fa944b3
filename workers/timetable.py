"""What is done by the clock, reckoned in Paris. Any number of hosts may run it: one does the work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from crm.appointments import remind_of_tomorrow
from crm.attachments import forget_staged
from crm.foundation import PARIS, SYSTEM, Settings
from crm.notifications import (
    TimetableRun,
    make_what_is_missing,
    note_what_left,
    outbox_state,
    prune_done,
    prune_drafts,
)
from crm.reporting import keep_volumes, repair_volumes
from crm.wiring import Wiring, wire
from workers.digests import AT as DIGEST_AT
from workers.digests import prune_sent_forms, send_digests
from workers.guests import AT as GUESTS_AT
from workers.guests import watch_guests
from workers.jobs.forget_files import forget_left
from workers.jobs.keep_raw import keep_left_waiting
from workers.jobs.store_files import store_left_waiting
from workers.promises import (
    bring_calendars_in,
    keep_promises,
    mail_unread,
    reckon_left_behind,
    remind,
    warn_of_silence,
)
from workers.purges import forget_forms, forget_told

_log = structlog.get_logger("timetable")
_LEADER = 7_305_220_192  # the advisory lock of the one that works
_LOOK_SECONDS = 5.0
_RETRY = timedelta(minutes=5)
KEPT_DONE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do again and again: every day `at` an hour of Paris, or `every` so often.

    Args:
        weekday: on that day of the week alone, Monday is 0.
    """

    name: str
    do: Callable[[Wiring], None]
    at: time | None = None
    every: timedelta | None = None
    weekday: int | None = None

    def last_slot(self, now: datetime) -> datetime:
        """The latest moment at which it should have begun."""
        if self.every is not None:
            seconds = self.every.total_seconds()
            return datetime.fromtimestamp(now.timestamp() // seconds * seconds, now.tzinfo)
        today = now.astimezone(PARIS).date()
        step = timedelta(days=1)
        if self.weekday is not None:
            today, step = today - timedelta(days=(today.weekday() - self.weekday) % 7), timedelta(days=7)
        slot = datetime.combine(today, self.at or time(), tzinfo=PARIS)
        return slot if slot <= now else datetime.combine(today - step, slot.timetz())


def prune_deliveries(wired: Wiring) -> None:
    gone = 1
    while gone:
        with wired.units.begin(SYSTEM) as uow:
            gone = prune_done(uow, older_than=KEPT_DONE)


def watch_deliveries(wired: Wiring) -> None:
    """Say aloud that nobody works, or that something waits for a person."""
    with wired.units.reading() as session:
        state = outbox_state(session, wired.clock.now())
    if state.late:
        _log.warning("deliveries_late", late=state.late, waiting=state.waiting)
    if state.parked:
        _log.warning("deliveries_parked", parked=state.parked)


def watch_receipts(wired: Wiring) -> None:
    """Clocks of the law: stop those whose receipt left, make out what could not be before."""
    with wired.units.begin(SYSTEM) as uow:
        note_what_left(uow)
        make_what_is_missing(uow, wired.settings.centre)


def forget_staged_files(wired: Wiring) -> None:
    with wired.units.begin(SYSTEM) as uow:
        forget_staged(uow)


def keep_hours(wired: Wiring) -> None:
    with wired.units.begin(SYSTEM) as uow:
        keep_volumes(uow)


def check_hours(wired: Wiring) -> None:
    """Count again what the board keeps, mend it, and say so aloud."""
    with wired.units.begin(SYSTEM) as uow:
        keep_volumes(uow)
        mended = repair_volumes(uow)
    if mended:
        _log.warning("volumes_repaired", hours=mended)


def remind_appointments(wired: Wiring) -> None:
    """The day before, once, at an hour when a telephone may ring."""
    with wired.units.begin(SYSTEM) as uow:
        remind_of_tomorrow(uow)


def forget_drafts(wired: Wiring) -> None:
    with wired.units.begin(SYSTEM) as uow:
        prune_drafts(uow)


TASKS = (
    # What the storage did not take when it came: until it does, however long that is.
    Task("store_left_waiting", store_left_waiting, every=timedelta(minutes=5)),
    Task("keep_raw_left_waiting", keep_left_waiting, every=timedelta(minutes=5)),
    Task("forget_withdrawn_files", forget_left, every=timedelta(hours=1)),
    Task("forget_staged_files", forget_staged_files, at=time(4, 10)),
    Task("watch_receipts", watch_receipts, every=timedelta(minutes=5)),
    Task("watch_deliveries", watch_deliveries, every=timedelta(minutes=5)),
    # Not between 2:00 and 3:00, which one night in the year lacks and another has twice.
    Task("prune_deliveries", prune_deliveries, at=time(3, 40)),
    Task("forget_forms", forget_forms, at=time(3, 55)),
    Task("forget_told", forget_told, at=time(4, 30)),
    Task("prune_sent_forms", prune_sent_forms, at=time(4, 20)),
    Task("desk_digest", send_digests, at=DIGEST_AT, weekday=0),
    Task("watch_guests", watch_guests, at=GUESTS_AT),
    Task("bring_calendars_in", bring_calendars_in, every=timedelta(minutes=1)),
    Task("keep_promises", keep_promises, every=timedelta(seconds=20)),
    Task("reckon_left_behind", reckon_left_behind, every=timedelta(hours=1)),
    Task("remind", remind, every=timedelta(minutes=1)),
    Task("mail_unread_notices", mail_unread, every=timedelta(minutes=10)),
    Task("warn_of_silence", warn_of_silence, at=time(7, 10)),
    Task("remind_appointments", remind_appointments, at=time(9, 30)),
    Task("keep_volumes", keep_hours, every=timedelta(minutes=10)),
    Task("check_volumes", check_hours, every=timedelta(hours=1)),
    Task("prune_answer_drafts", forget_drafts, at=time(3, 50)),
)


class Timetable:
    def __init__(self, wired: Wiring, tasks: tuple[Task, ...] = TASKS) -> None:
        self._wired = wired
        self._tasks = tasks
        self._stopping = threading.Event()

    def stop(self, *_: object) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._leading() as lead:
                    while lead() and not self._stopping.is_set():
                        self.do_due()
                        self._stopping.wait(_LOOK_SECONDS)
            except DBAPIError as lost:
                _log.warning("server_lost", error=type(lost).__name__)
            self._stopping.wait(_LOOK_SECONDS)

    @contextmanager
    def _leading(self) -> Iterator[Callable[[], bool]]:
        """A question to ask before each round: are we (still) the one? The server forgets us if we die."""
        connection = self._wired.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        ours = False
        try:
            ours = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LEADER))))
            yield lambda: bool(ours and connection.scalar(sa.select(sa.true())))
        finally:
            with suppress(DBAPIError):  # said, the next one need not wait until the server sees us gone
                if ours:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(_LEADER)))
            connection.invalidate()
            connection.close()

    def do_due(self) -> list[str]:
        """Do what is due now; returns the names of what was tried."""
        with self._wired.units.reading() as session:
            seen = sa.select(TimetableRun.name, TimetableRun.last_started_at, TimetableRun.last_done_at)
            runs = {row.name: _Run(row.last_started_at, row.last_done_at) for row in session.execute(seen)}
        now = self._wired.clock.now()
        due = [task for task in self._tasks if _is_due(task, runs.get(task.name, _Run()), now)]
        for task in due:
            self._do(task)
        return [task.name for task in due]

    def _do(self, task: Task) -> None:
        self._note(task, last_started_at=self._wired.clock.now())
        try:
            task.do(self._wired)
        except DBAPIError:
            raise
        except Exception as wrong:  # one task's fault must not stop the others
            _log.error("task_failed", task=task.name, error=type(wrong).__name__)
            self._note(task, last_error=type(wrong).__name__)
        else:
            self._note(task, last_done_at=self._wired.clock.now(), last_error=None)

    def _note(self, task: Task, **seen: datetime | str | None) -> None:
        statement = insert(TimetableRun).values(name=task.name, **seen)
        with self._wired.units.begin(SYSTEM) as uow:
            uow.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=seen))


@dataclass(frozen=True, slots=True)
class _Run:
    started_at: datetime | None = None
    done_at: datetime | None = None


def _is_due(task: Task, run: _Run, now: datetime) -> bool:
    if run.started_at is None or run.started_at < task.last_slot(now):
        return True
    failed = run.done_at is None or run.done_at < run.started_at
    return failed and now - run.started_at > _RETRY


def main() -> None:
    wired = wire(Settings.load())
    timetable = Timetable(wired)
    signal.signal(signal.SIGTERM, timetable.stop)
    signal.signal(signal.SIGINT, timetable.stop)
    _log.info("timetable_started")
    timetable.run()
    wired.close()


if __name__ == "__main__":
    main()
