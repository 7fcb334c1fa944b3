"""What arrived and what became of it, day by day and channel by channel: nothing is unaccounted for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import Actor
from crm.inbox.models import Inbound, InboundRaw, Outcome
from crm.inbox.reading import of_days

UNSEEN = ""  # no end yet: the job that reads has not come to it
_READ_WITHIN = timedelta(minutes=15)
_MOST_SHOWN = 100
_MADE = (Outcome.CASE, Outcome.REPLY)
_DAY = sa.cast(sa.func.timezone("Europe/Paris", Inbound.received_at), sa.Date)


@dataclass(frozen=True, slots=True)
class Balance:
    """A day of a channel.

    Args:
        ends: how many have each end; under `UNSEEN` those that nobody has looked at yet.
        discards: the discarded ones by reason.
        unproven: how many have an end that nothing shows, or were left without one: the difference.
    """

    day: date
    channel: str
    ends: Mapping[str, int]
    discards: Mapping[str, int]
    unproven: int

    @property
    def arrived(self) -> int:
        return sum(self.ends.values())

    def with_end(self, outcome: str) -> int:
        return self.ends.get(outcome, 0)


@dataclass(frozen=True, slots=True)
class Unproven:
    """Where the difference is: `why` is a code."""

    id: int
    day: date
    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    lines: tuple[Balance, ...]
    unproven: tuple[Unproven, ...]

    @property
    def difference(self) -> int:
        return sum(line.unproven for line in self.lines)


def reconcile(session: Session, actor: Actor, first: date, last: date, now: datetime) -> Reconciliation:
    """The latest day first. In two statements, whatever arrived."""
    require(actor, Permission.INBOUND_SORT)
    ends: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    discards: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    for row in session.execute(_counted(first, last)):
        ends[row.day, row.channel][row.outcome or UNSEEN] += row.many
        if row.outcome == Outcome.DISCARDED:
            discards[row.day, row.channel][row.reason] += row.many
    lost = [Unproven(row[0], row[1], row[2], row[3]) for row in session.execute(_unproven(first, last, now))]
    missing = Counter((one.day, one.channel) for one in lost)
    lines = [
        Balance(*place, ends=ends[place], discards=discards[place], unproven=missing[place]) for place in ends
    ]
    lines.sort(key=lambda line: line.channel)
    lines.sort(key=lambda line: line.day, reverse=True)
    return Reconciliation(tuple(lines), tuple(lost[:_MOST_SHOWN]))


def _counted(first: date, last: date) -> sa.Select[date, str, str | None, str | None, int]:
    return (
        sa.select(
            _DAY.label("day"), Inbound.channel, Inbound.outcome, Inbound.reason,
            sa.func.count().label("many"),
        )
        .where(*of_days(first, last))
        .group_by(_DAY, Inbound.channel, Inbound.outcome, Inbound.reason)
    )  # fmt: skip


def _unproven(first: date, last: date, now: datetime) -> sa.Select[int, date, str, str]:
    """An end is believed when what it speaks of is there: the demand, and the content as it came."""
    case = sa.exists().where(Case.id == Inbound.case_id)
    raw = sa.exists().where(InboundRaw.inbound_id == Inbound.id)
    why = sa.case(
        (sa.and_(Inbound.outcome.in_(_MADE), ~case), "no_case"),
        (sa.and_(Inbound.key.is_(None), ~raw), "no_raw"),
        (sa.and_(Inbound.outcome.is_(None), Inbound.received_at < now - _READ_WITHIN), "not_read"),
    )
    return (
        sa.select(Inbound.id, _DAY, Inbound.channel, why)
        .where(*of_days(first, last), why.is_not(None))
        .order_by(Inbound.received_at, Inbound.id)
    )
