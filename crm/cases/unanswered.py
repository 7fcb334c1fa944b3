"""When a demand may end for want of an answer (domain §5.3): we asked two times, thirty days passed; longer
for those who said what support they need. Pure: screens offer by it, acts refuse by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crm.deadlines import MOST_PAUSES, Adapted
from crm.interactions import Exchange
from crm.interactions.models import LEFT


def is_unanswered(said: Iterable[Exchange], now: datetime, adapted: Adapted, *, needs: bool) -> bool:
    """
    Args:
        said: the exchanges of the case, oldest first.
        needs: its usager said what support they need.
    """
    asked: list[datetime] = []
    for one in said:
        if one.direction == "in":
            asked.clear()
        elif one.kind == "question" and one.sent_at and one.state in LEFT:
            asked.append(one.sent_at)
    return len(asked) >= MOST_PAUSES and asked[0] + adapted.longest_pause(needs=needs) * MOST_PAUSES <= now
