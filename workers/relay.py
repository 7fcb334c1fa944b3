"""Claims what is due and hands the ids to RQ. It may die at any moment: what it claimed comes due again."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress

import psycopg
import structlog
from redis import RedisError
from sqlalchemy.exc import DBAPIError

from crm.foundation import SYSTEM, WAKE_CHANNEL, Settings
from crm.notifications import claim_due
from crm.wiring import Wiring, wire
from workers.jobs import JOBS, OUTSIDE
from workers.queues import INSIDE_QUEUE, OUTSIDE_QUEUE, QUEUES, enqueue, open_queue

_log = structlog.get_logger("relay")
BATCH = 200
_WAITING = 4  # RQ jobs that may wait in a queue: beyond, what is due stays due rather than use up its tries
_POLL_SECONDS = 5.0
_BUSY_SECONDS = 0.1
_GATHER_SECONDS = 0.1  # what the next acts leave goes along: an RQ job costs more than what it does
_LONGEST_PAUSE = 10.0


def queue_of(job: str) -> str:
    return OUTSIDE_QUEUE if job in OUTSIDE else INSIDE_QUEUE


class Relay:
    def __init__(self, wired: Wiring) -> None:
        self._wired = wired
        self._stopping = threading.Event()
        self._queues = {name: open_queue(name, wired.redis) for name in QUEUES}
        self._ear: psycopg.Connection | None = None

    def stop(self, *_: object) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until told to stop. A server that is down is waited for, longer each time."""
        pause = 0.5
        while not self._stopping.is_set():
            try:
                self._listen()
                self._wait(_BUSY_SECONDS if self.pass_on() else _POLL_SECONDS)
                pause = 0.5
            except (DBAPIError, psycopg.Error, RedisError, OSError) as lost:
                _log.warning("server_lost", error=type(lost).__name__, retry_in_seconds=pause)
                self._forget_ear()
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        self._forget_ear()

    def pass_on(self) -> bool:
        """Hand over all that is due. True when a queue is full and something may remain."""
        while not self._stopping.is_set():
            full = [job for job in JOBS if self._queues[queue_of(job)].count >= _WAITING]
            with self._wired.units.begin(SYSTEM) as uow:
                claimed = claim_due(uow, BATCH, but_not=full)
            # Committed first: an id that reached a worker before the claim was kept would be passed over.
            for name, queue in self._queues.items():
                if ids := [one.id for one in claimed if queue_of(one.job) == name]:
                    enqueue(queue, ids)
            if not claimed:
                return bool(full)
        return False

    def _listen(self) -> None:
        if self._ear is None or self._ear.closed:
            address = self._wired.engine.url.set(drivername="postgresql")
            self._ear = psycopg.connect(
                address.render_as_string(hide_password=False), autocommit=True, connect_timeout=5
            )
            self._ear.execute(f"LISTEN {WAKE_CHANNEL}")

    def _wait(self, seconds: float) -> None:
        """Until a transaction left something to do, or `seconds` passed."""
        assert self._ear is not None
        left = seconds
        while left > 0 and not self._stopping.is_set():
            heard = list(self._ear.notifies(timeout=min(left, 0.5), stop_after=1))
            if heard:
                self._stopping.wait(_GATHER_SECONDS)
                return
            left -= 0.5

    def _forget_ear(self) -> None:
        if self._ear is not None:
            with suppress(psycopg.Error):
                self._ear.close()
        self._ear = None


def main() -> None:
    wired = wire(Settings.load())
    relay = Relay(wired)
    signal.signal(signal.SIGTERM, relay.stop)
    signal.signal(signal.SIGINT, relay.stop)
    _log.info("relay_started")
    relay.run()
    wired.close()
    _log.info("relay_stopped")


if __name__ == "__main__":
    main()
