"""The two queues of Redis. They hold ids only: losing them loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

INSIDE_QUEUE = "crm-inside"  # short work in our own database
OUTSIDE_QUEUE = "crm-outside"  # calls that may be slow: a gateway that hangs holds up nothing else
QUEUES = (INSIDE_QUEUE, OUTSIDE_QUEUE)
RUN = "workers.jobs.run.run"
HEARTBEAT_KEY = "crm:worker:heartbeat"
HEARTBEAT_SECONDS = 60  # how long one heart-beat counts


def open_queue(name: str, redis: Redis) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer, default_timeout=-1)


def enqueue(queue: Queue, ids: Iterable[int]) -> None:
    """One RQ job for many deliveries: an RQ job costs milliseconds, a delivery a fraction of one."""
    queue.enqueue_call(RUN, args=(list(ids),), result_ttl=0, failure_ttl=3600, description="deliveries")


def beat(redis: Redis) -> None:
    """Say that a worker is alive; /readyz listens."""
    redis.set(HEARTBEAT_KEY, "1", ex=HEARTBEAT_SECONDS)
    _last_beat[0] = time.monotonic()


def beat_gently(redis: Redis) -> None:
    """The same within a long job, now and then; a Redis that is down must not stop the job."""
    if time.monotonic() - _last_beat[0] > HEARTBEAT_SECONDS / 4:
        _last_beat[0] = time.monotonic()
        with suppress(RedisError):
            beat(redis)


_last_beat = [float("-inf")]
