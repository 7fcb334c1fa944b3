"""What arrived and what became of it, day by day and channel by channel: nothing is unaccounted for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Actor
from crm.inbox.coming import came
from crm.inbox.models import Outcome
from crm.inbox.reading import Passed

_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Balance:
    """A day of a channel.

    Args:
        ends: how many have each end; under `UNSEEN` those that nobody has looked at yet.
        discards: the discarded ones by reason.
        unproven: how many have an end that nothing shows, or were left without one: the difference.
        answered, missed: of the calls that the exchange told of, how many somebody took, and nobody.
    """

    day: date
    channel: str
    ends: Mapping[str, int]
    discards: Mapping[str, int]
    unproven: int
    answered: int = 0
    missed: int = 0

    @property
    def arrived(self) -> int:
        return sum(self.ends.values())

    def with_end(self, outcome: str) -> int:
        return self.ends.get(outcome, 0)


@dataclass(frozen=True, slots=True)
class Came:
    """One thing that reached us.

    Args:
        source: where it is kept: arrival, call, walk_in, case or exchange; `id` is its own there.
        why: its end is not believed; a code.
        who: a name, an address, a number; empty where the demand alone says it.
    """

    source: str
    id: int
    day: date
    at: datetime
    channel: str
    outcome: str
    reason: str | None
    why: str | None
    case_id: int | None
    who: str
    said: str

    @property
    def received_at(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`unproven`: where the difference is, the first hundred."""

    lines: tuple[Balance, ...]
    unproven: tuple[Came, ...]

    @property
    def difference(self) -> int:
        return sum(line.unproven for line in self.lines)


def reconcile(session: Session, actor: Actor, first: date, last: date, now: datetime) -> Reconciliation:
    """The latest day first. In two statements, whatever arrived."""
    require(actor, Permission.INBOUND_SORT)
    all_of_it = came(first, last, now, actor)
    lines = _lines(session.execute(_counted(all_of_it)).all())
    if not any(line.unproven for line in lines):
        return Reconciliation(lines, ())
    c = all_of_it.c
    lost = _listed(all_of_it).where(c.why.is_not(None)).order_by(c.at, c.id).limit(_MOST_SHOWN)
    return Reconciliation(lines, tuple(Came(*row) for row in session.execute(lost)))


def what_came(
    session: Session,
    actor: Actor,
    day: date,
    channel: str,
    outcome: str,
    now: datetime,
    *,
    after: Passed | None = None,
    limit: int = 50,
) -> list[Came]:
    """What stands behind a number of the balance; `outcome` empty: nobody has looked at it yet."""
    require(actor, Permission.INBOUND_SORT)
    all_of_it = came(day, day, now, actor)
    c = all_of_it.c
    query = _listed(all_of_it).where(c.channel == channel, c.outcome == outcome)
    if after is not None:
        query = query.where(
            sa.tuple_(c.at, c.id) > sa.tuple_(sa.literal(after.received_at), sa.literal(after.id))
        )
    return [Came(*row) for row in session.execute(query.order_by(c.at, c.id).limit(limit))]


def _day(all_of_it: sa.Subquery) -> sa.ColumnElement[date]:
    return sa.cast(sa.func.timezone("Europe/Paris", all_of_it.c.at), sa.Date)


def _counted(all_of_it: sa.Subquery) -> sa.Select[date, str, str, str | None, str, int, int]:
    c, day = all_of_it.c, _day(all_of_it).label("day")
    parts = (day, c.channel, c.outcome, c.reason, c.how)
    return sa.select(*parts, sa.func.count().label("many"), sa.func.count(c.why).label("unproven")).group_by(
        *parts
    )


def _listed(all_of_it: sa.Subquery) -> Any:
    c = all_of_it.c
    return sa.select(
        c.source, c.id, _day(all_of_it), c.at, c.channel, c.outcome, c.reason, c.why, c.case_id, c.who, c.said
    )


def _lines(rows: Sequence[Any]) -> tuple[Balance, ...]:
    ends: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    discards: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    met: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    unproven: Counter[tuple[date, str]] = Counter()
    for row in rows:
        place = row.day, row.channel
        ends[place][row.outcome] += row.many
        met[place][row.how] += row.many
        unproven[place] += row.unproven
        if row.outcome == Outcome.DISCARDED:
            discards[place][row.reason] += row.many
    lines = [
        Balance(
            *place,
            ends[place],
            discards[place],
            unproven[place],
            met[place]["answered"],
            met[place]["missed"],
        )
        for place in ends
    ]
    lines.sort(key=lambda line: line.channel)
    lines.sort(key=lambda line: line.day, reverse=True)
    return tuple(lines)
