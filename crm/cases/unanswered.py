"""When a demand may end for want of an answer (domain §5.3): we asked two times, thirty days passed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crm.deadlines import LONGEST_PAUSE, MOST_PAUSES
from crm.interactions import Exchange
from crm.interactions.models import LEFT

_WAITED = LONGEST_PAUSE * MOST_PAUSES


def is_unanswered(said: Iterable[Exchange], now: datetime, *, times: int = 1) -> bool:
    """
    Args:
        said: the exchanges of the case, oldest first.
        times: how many times the usual time they are given, when they said what support they need.
    """
    asked: list[datetime] = []
    for one in said:
        if one.direction == "in":
            asked.clear()
        elif one.kind == "question" and one.sent_at and one.state in LEFT:
            asked.append(one.sent_at)
    return len(asked) >= MOST_PAUSES and asked[0] + _WAITED * times <= now
