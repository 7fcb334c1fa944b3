"""What left but is not yet noted in the database: told to Redis at once, message by message.

PostgreSQL is told by groups, since a commit after each message would bound the rate at which the house writes
to people. A worker killed between the two leaves its word here, and whoever takes the messages over notes
them instead of sending them again. Losing Redis and a worker in the same instant repeats one group at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import structlog
from redis import Redis, RedisError

_log = structlog.get_logger("just_sent")
_KEPT_SECONDS = 86_400  # longer than a message waits between two tries


def _key(message_id: str) -> str:
    return f"crm:sent:{message_id}"


def keep(redis: Redis, message_id: str, provider_id: str) -> bool:
    """False when Redis is away: the database must be told at once.

    Args:
        message_id: the same at every try of a message, and never another's, whatever backup is restored.
    """
    try:
        redis.set(_key(message_id), provider_id, ex=_KEPT_SECONDS)
    except RedisError:
        return False
    return True


def among(redis: Redis, message_ids: Sequence[str]) -> Mapping[str, str]:
    """Those of these messages that are known to have left, with the provider's id."""
    if not message_ids:
        return {}
    try:
        told = cast("list[bytes | None]", redis.mget([_key(one) for one in message_ids]))
    except RedisError as lost:
        _log.warning("server_lost", error=type(lost).__name__)
        return {}
    return {one: word.decode() for one, word in zip(message_ids, told, strict=True) if word is not None}
