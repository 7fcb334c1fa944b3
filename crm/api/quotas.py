"""How often a key may come. Counted in Redis; without it nobody is refused, and the answers say so."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog
from flask import Response, g
from redis import Redis
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from crm.foundation import PARIS
from crm.http import wiring
from crm.staff import KeyCard

_log = structlog.get_logger("quotas")
_MINUTE, _DAY = 60, 86_400
_PATIENCE_SECONDS = 10.0  # a Redis that did not answer is not asked again before that
_away_until = 0.0


@dataclass(frozen=True, slots=True)
class Left:
    """Args: `limit`, `remaining`: of this minute, or of the day when less is left of it; None: uncounted."""

    limit: int
    remaining: int | None
    seconds: int


def spend(card: KeyCard) -> Left:
    """
    Raises:
        TooManyRequests: with the seconds to wait.
    """
    wired = wiring()
    now = wired.clock.now()
    used = _count(wired.redis, card, now)
    if used is None:
        return Left(card.per_minute, None, _MINUTE)
    minute, day = used
    in_minute = Left(card.per_minute, max(0, card.per_minute - minute), _MINUTE - now.second)
    in_day = Left(card.per_day, max(0, card.per_day - day), _until_midnight(now))
    for left, count in ((in_day, day), (in_minute, minute)):
        if count > left.limit:
            g.quota = left
            raise TooManyRequests(retry_after=left.seconds)
    return min(in_minute, in_day, key=lambda left: left.remaining or 0)


def say_quota(response: Response) -> Response:
    """In the headers of the answer: how much is left, or that nobody counts."""
    left: Left | None = g.get("quota")
    if left is not None:
        response.headers["RateLimit-Limit"] = str(left.limit)
        response.headers["RateLimit-Reset"] = str(left.seconds)
        response.headers["RateLimit-Remaining"] = (
            "uncounted" if left.remaining is None else str(left.remaining)
        )
        if response.status_code == 429:
            response.headers["Retry-After"] = str(left.seconds)
    return response


def _count(redis: Redis, card: KeyCard, now: datetime) -> tuple[int, int] | None:
    """This one included: in this minute, and today in Paris. None when Redis does not answer."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    minute = f"quota:{card.actor.id}:m:{int(now.timestamp()) // _MINUTE}"
    day = f"quota:{card.actor.id}:d:{now.astimezone(PARIS):%Y%m%d}"
    try:
        with redis.pipeline(transaction=False) as pipe:
            for name, seconds in ((minute, 2 * _MINUTE), (day, 2 * _DAY)):
                pipe.incr(name)
                pipe.expire(name, seconds)
            counts = pipe.execute()
    except (RedisError, OSError) as wrong:
        _away_until = time.monotonic() + _PATIENCE_SECONDS
        _log.warning("quota_uncounted", error=type(wrong).__name__)
        return None
    return cast(int, counts[0]), cast(int, counts[2])


def _until_midnight(now: datetime) -> int:
    here = now.astimezone(PARIS)
    return _DAY - (here.hour * 3600 + here.minute * 60 + here.second)
