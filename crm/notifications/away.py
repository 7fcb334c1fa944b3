"""Which way out does not answer just now, for residents who wait for an acknowledgement. Redis forgets it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from redis import Redis, RedisError

_LASTS = timedelta(hours=2)  # longer than between two tries: said again while it lasts


def note_away(redis: Redis, channel: str) -> None:
    with suppress(RedisError):
        redis.set(_key(channel), 1, ex=_LASTS)


def note_back(redis: Redis, channel: str) -> None:
    with suppress(RedisError):
        redis.delete(_key(channel))


def is_away(redis: Redis, channel: str) -> bool:
    """Nothing is said when Redis is away too."""
    try:
        return bool(redis.exists(_key(channel)))
    except RedisError:
        return False


def _key(channel: str) -> str:
    return f"crm:away:{channel}"
