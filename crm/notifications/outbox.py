"""The work that facts left to do: claimed by the relay, parked when it fails too often, put back by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import Delivery, EventRow, UnitOfWork
from crm.notifications.events import DeliveryParked

TRIES = 8
_PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)


def pause(attempts: int) -> timedelta:
    """How long after its n-th try a delivery comes due again, unless it was done meanwhile."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    job: str


_DUE = (
    sa.select(Delivery.id, Delivery.job, Delivery.attempts, Delivery.last_error)
    .where(
        Delivery.done_at.is_(None),
        Delivery.parked_at.is_(None),
        Delivery.due_at <= sa.bindparam("now"),
        Delivery.job.not_in(sa.bindparam("but_not", expanding=True)),
    )
    .order_by(Delivery.due_at, Delivery.id)
    .limit(sa.bindparam("at_most"))
    .with_for_update(skip_locked=True)
)


def claim_due(uow: UnitOfWork, at_most: int, *, but_not: Collection[str] = ()) -> list[Claimed]:
    """Take the deliveries that are due and push their due time forward: if the worker dies, they come back.

    What was tried too often is parked instead.

    Args:
        but_not: jobs whose queue is full: theirs stay due rather than use up their tries.
    """
    due = uow.session.execute(_DUE, {"now": uow.now, "at_most": at_most, "but_not": list(but_not)}).all()
    fresh = [row for row in due if row.attempts < TRIES]
    for attempts in {row.attempts for row in fresh}:
        ids = [row.id for row in fresh if row.attempts == attempts]
        uow.session.execute(
            sa.update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(attempts=attempts + 1, due_at=uow.now + pause(attempts + 1))
            .execution_options(synchronize_session=False)
        )
    for row in due:
        if row.attempts >= TRIES:
            _park(uow, row.id, row.job, row.last_error)
    return [Claimed(row.id, row.job) for row in fresh]


def _park(uow: UnitOfWork, delivery_id: int, job: str, error: str | None) -> None:
    uow.session.execute(sa.update(Delivery).where(Delivery.id == delivery_id).values(parked_at=uow.now))
    uow.record(DeliveryParked(subject_id=delivery_id, job=job, error=error))


@dataclass(frozen=True, slots=True)
class ParkedDelivery:
    """One line of « Envois »: what did not go through, since when, and after which fact."""

    id: int
    job: str
    attempts: int
    last_error: str | None
    parked_at: datetime | None
    event_kind: str
    event_at: datetime
    subject_kind: str
    subject_id: int


def parked_deliveries(session: Session, *, limit: int = 200) -> list[ParkedDelivery]:
    """The most recent first."""
    query = (
        sa.select(
            Delivery.id,
            Delivery.job,
            Delivery.attempts,
            Delivery.last_error,
            Delivery.parked_at,
            EventRow.kind,
            EventRow.at,
            EventRow.subject_kind,
            EventRow.subject_id,
        )
        .join(EventRow, EventRow.id == Delivery.event_id)
        .where(Delivery.parked_at.is_not(None))
        .order_by(Delivery.parked_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    return [ParkedDelivery(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class OutboxState:
    """`late`: due for longer than ten minutes, so that nobody seems to be working."""

    waiting: int
    late: int
    parked: int
    oldest_due_at: datetime | None


def outbox_state(session: Session, now: datetime) -> OutboxState:
    pending = sa.and_(Delivery.done_at.is_(None), Delivery.parked_at.is_(None))
    late = Delivery.due_at < now - timedelta(minutes=10)
    waiting = sa.select(sa.func.count(), sa.func.count().filter(late), sa.func.min(Delivery.due_at)).where(
        pending
    )
    parked = sa.select(sa.func.count()).where(Delivery.parked_at.is_not(None))
    count, behind, oldest = session.execute(waiting).one()
    return OutboxState(count, behind, session.scalar(parked) or 0, oldest)


def prune_done(uow: UnitOfWork, *, older_than: timedelta, at_most: int = 5000) -> int:
    """Forget deliveries done long ago; the facts stay. Returns how many, at most `at_most` a call."""
    old = sa.select(Delivery.id).where(Delivery.done_at < uow.now - older_than).limit(at_most)
    gone = uow.session.execute(sa.delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id))
    return len(gone.all())
