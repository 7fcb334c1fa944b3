"""What waits to be sorted, by channel and by age: counted and listed by the same conditions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.deadlines import Calendar
from crm.foundation import Actor
from crm.inbox.models import Inbound
from crm.inbox.reach import readable_arrivals
from crm.inbox.reading import FRESH, LINE, WAITS, ArrivalLine, Passed, age_of

WAITING_AGES = ("fresh", "today", "old")
_LONGEST_BREAK = timedelta(days=30)  # no run of closed days is longer


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """Received since `fresh`, it has just come; before `late`, it should have been sorted."""

    fresh: datetime
    late: datetime


@dataclass(frozen=True, slots=True)
class WaitingPile:
    """`ages`: one number for each of WAITING_AGES."""

    channel: str
    ages: tuple[int, ...]

    @property
    def waiting(self) -> int:
        return sum(self.ages)


def age_limits(calendar: Calendar, now: datetime) -> AgeLimits:
    """The moments where `age_of` changes its word. It changes on whole seconds, and only ever once."""
    last = int(now.timestamp())
    first = last - int(_LONGEST_BREAK.total_seconds())

    def is_timely(second: int) -> bool:
        return age_of(datetime.fromtimestamp(second, UTC), now, calendar) != "old"

    late = first + bisect_left(range(first, last), True, key=is_timely)
    return AgeLimits(now - FRESH, datetime.fromtimestamp(late, UTC))


def piles_to_sort(session: Session, actor: Actor, limits: AgeLimits) -> list[WaitingPile]:
    """The channel where most are late first. One statement, from the index of what waits."""
    require(actor, Permission.INBOUND_SORT)
    age = _age(limits)
    query = (
        sa.select(Inbound.channel, age, sa.func.count())
        .where(WAITS, readable_arrivals(actor))
        .group_by(Inbound.channel, sa.text("2"))
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for channel, code, many in session.execute(query):
        counts[channel][code] = many
    piles = [
        WaitingPile(channel, tuple(of.get(code, 0) for code in WAITING_AGES))
        for channel, of in counts.items()
    ]
    return sorted(piles, key=lambda pile: (*(-many for many in reversed(pile.ages)), pile.channel))


def arrivals_waiting(
    session: Session,
    actor: Actor,
    limits: AgeLimits,
    *,
    channel: str = "",
    age: str = "",
    after: Passed | None = None,
    limit: int = 50,
) -> list[ArrivalLine]:
    """The list behind a number, who waits longest first; empty channel or age: whatever it is."""
    require(actor, Permission.INBOUND_SORT)
    query = LINE.where(WAITS, readable_arrivals(actor))
    if channel:
        query = query.where(Inbound.channel == channel)
    if age:
        query = query.where(_age(limits) == age)
    if after is not None:
        place = sa.tuple_(Inbound.received_at, Inbound.id)
        query = query.where(place > sa.tuple_(sa.literal(after.received_at), sa.literal(after.id)))
    ordered = query.order_by(Inbound.received_at, Inbound.id).limit(limit)
    return [ArrivalLine(*row) for row in session.execute(ordered)]


def _age(limits: AgeLimits) -> sa.ColumnElement[str]:
    return sa.case(
        (Inbound.received_at > limits.fresh, "fresh"),
        (Inbound.received_at >= limits.late, "today"),
        else_="old",
    )
