"""Does what the relay hands over, one RQ job at a time, without forking: our jobs are short."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

import structlog
from redis import RedisError
from redis.client import Pipeline
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from crm.wiring import wiring
from workers.queues import QUEUES, beat, open_queue

_log = structlog.get_logger("worker")
_LONGEST_PAUSE = 10.0
_IDLE_BEAT_SECONDS = 15  # RQ takes that off its TTL to know how long it may listen before it beats again


class Worker(SimpleWorker):
    """RQ's worker in one process, telling /readyz that it lives."""

    stopping = False

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        super().heartbeat(timeout, pipeline)
        beat(self.connection)

    def request_stop(self, signum: Any, frame: Any) -> None:
        type(self).stopping = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def main() -> None:
    """Until told to stop: RQ gives up when Redis stays away or forgets it; we begin again."""
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _stop_early)
    pause = 0.5
    _log.info("worker_started")
    while not Worker.stopping:
        began = time.monotonic()
        try:
            _work()
        except (RedisError, OSError) as lost:
            _log.warning("server_lost", error=type(lost).__name__, retry_in_seconds=pause)
        if Worker.stopping:
            break
        pause = 0.5 if time.monotonic() - began > 60 else min(pause * 2, _LONGEST_PAUSE)
        time.sleep(pause)
    _log.info("worker_stopped")


def _work() -> None:
    redis = wiring().redis
    worker = Worker(
        [open_queue(name, redis) for name in QUEUES],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=_IDLE_BEAT_SECONDS * 2,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")


def _stop_early(*_: object) -> None:
    """Before RQ listens to signals, or between two of its lives."""
    Worker.stopping = True
    raise SystemExit(0)


if __name__ == "__main__":
    main()
