"""What is told to a subscriber, in which order, and what became of it. Nobody is called here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import PARIS, WAKE_CHANNEL, Delivery, EventRow, UnitOfWork
from crm.webhooks.events import WebhookDue
from crm.webhooks.models import Sending, Subscription

# What a fact may say outside: codes, days and numbers. What is not here stays here.
_CODES = (
    "channel",
    "category",
    "priority",
    "planned_on",
    "due_on",
    "reason",
    "outcome",
    "no_answer_reason",
    "contested",
)


@dataclass(frozen=True, slots=True)
class ToSend:
    """One telling that is due.

    Args:
        delivery_id: what the outbox calls it.
        is_held: an earlier fact of the same demand has not reached this subscriber yet.
    """

    id: int
    delivery_id: int
    subscription_id: int
    case_id: int
    event_id: int
    url: str
    salt: str
    is_active: bool
    quiet_until: datetime | None
    kind: str
    at: datetime
    data: Mapping[str, Any]
    reference: str
    insee: str | None
    is_held: bool

    @property
    def message_id(self) -> str:
        return f"fait-{self.event_id}-{self.subscription_id}"


_Fact = aliased(EventRow)  # what is told; the outbox's own says that somebody is to be told
_Earlier = aliased(Sending)


def _undelivered(row: type[Sending]) -> sa.ColumnElement[bool]:
    """Written into the statement: a partial index serves constants, not parameters."""
    states: list[Any] = [sa.literal_column(f"'{state}'") for state in ("waiting", "failed")]
    return sa.and_(row.state.in_(states), row.sent_at.is_(None))


_OLDER = sa.exists().where(
    _Earlier.subscription_id == Sending.subscription_id,
    _Earlier.case_id == Sending.case_id,
    _Earlier.id < Sending.id,
    _undelivered(_Earlier),
)
_DUE = (
    sa.select(
        Sending.id, Delivery.id.label("delivery_id"),
        Sending.subscription_id, Sending.case_id, Sending.event_id,
        Subscription.url, Subscription.salt, Subscription.is_active, Subscription.quiet_until,
        _Fact.kind, _Fact.at, _Fact.data, Case.reference, Case.insee, _OLDER.label("is_held"),
    )
    .join(EventRow, EventRow.id == Delivery.event_id)
    .join(Sending, Sending.id == EventRow.subject_id)
    .join(Subscription, Subscription.id == Sending.subscription_id)
    .join(_Fact, _Fact.id == Sending.event_id)
    .join(Case, Case.id == Sending.case_id)
    .where(Delivery.done_at.is_(None))
    .order_by(Sending.id)
)  # fmt: skip


def to_send(
    session: Session, delivery_ids: Sequence[int], subscription_id: int | None = None
) -> list[ToSend]:
    """In the order of the facts. One statement."""
    query = _DUE.where(Delivery.id.in_(delivery_ids))
    if subscription_id is not None:
        query = query.where(Sending.subscription_id == subscription_id)
    return [ToSend(**row._asdict()) for row in session.execute(query)]


def payload(one: ToSend, unit_codes: Mapping[int, str]) -> dict[str, Any]:
    """Codes, numbers and the reference; never a name, a place or a word of anybody."""
    told = {name: one.data[name] for name in _CODES if one.data.get(name) is not None}
    if unit := unit_codes.get(one.data.get("unit_id") or 0):
        told["unit"] = unit
    if one.kind == "case.merged":
        told["original"] = one.data.get("reference")
    said = {"reference": one.reference, "event_id": one.event_id, "insee": one.insee, **told}
    return {"type": one.kind, "timestamp": one.at.astimezone(PARIS).isoformat(), "data": said}


def mark_told(uow: UnitOfWork, one: ToSend) -> None:
    """It got through; the next fact of the same demand may follow at once."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    done = {"state": "sent", "last_error": None, "tried_at": uow.now}
    row = sa.update(Sending).where(Sending.id == one.id)
    uow.session.execute(
        row.values(tries=Sending.tries + 1, sent_at=sa.func.coalesce(Sending.sent_at, uow.now), **done)
    )
    _finish(uow, [one.delivery_id])
    _free_next(uow, one)


def mark_untold(uow: UnitOfWork, one: ToSend, reason: str) -> None:
    """It is tried again when the outbox says; after its last try it is parked there."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = sa.update(Sending).where(Sending.id == one.id)
    uow.session.execute(
        row.values(state="failed", tries=Sending.tries + 1, tried_at=uow.now, last_error=reason)
    )
    uow.session.execute(sa.update(Delivery).where(Delivery.id == one.delivery_id).values(last_error=reason))


def stop_sending(uow: UnitOfWork, one: ToSend, reason: str) -> None:
    """Nobody wants it any more, and it holds up nothing."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = sa.update(Sending).where(Sending.id == one.id)
    uow.session.execute(row.values(state="stopped", last_error=reason))
    _finish(uow, [one.delivery_id])
    _free_next(uow, one)


def give_back(uow: UnitOfWork, delivery_ids: Collection[int], until: datetime) -> None:
    """Not tried, so not counted: due again then."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    if not delivery_ids:
        return
    these = sa.update(Delivery).where(Delivery.id.in_(delivery_ids), Delivery.done_at.is_(None))
    back = {"attempts": sa.func.greatest(Delivery.attempts - 1, 0), "due_at": until, "parked_at": None}
    uow.session.execute(these.values(back).execution_options(synchronize_session=False))


def quieten(uow: UnitOfWork, subscription_id: int, until: datetime, *, close: bool = False) -> None:
    """A subscriber that does not answer is left alone for a while; one that said « gone », for good."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = sa.update(Subscription).where(Subscription.id == subscription_id)
    ended = {"is_active": False, "version": Subscription.version + 1} if close else {}
    uow.session.execute(row.values(quiet_until=until, **ended))


def _finish(uow: UnitOfWork, delivery_ids: Sequence[int]) -> None:
    done = sa.update(Delivery).where(Delivery.id.in_(delivery_ids))
    uow.session.execute(done.values(done_at=uow.now, last_error=None, parked_at=None))


def _free_next(uow: UnitOfWork, one: ToSend) -> None:
    """What waited for this one is due now."""
    following = (
        sa.select(sa.func.min(Sending.id))
        .where(
            Sending.subscription_id == one.subscription_id,
            Sending.case_id == one.case_id,
            Sending.id != one.id,
            _undelivered(Sending),
        )
        .scalar_subquery()
    )
    due = sa.select(EventRow.id).where(
        EventRow.subject_kind == WebhookDue.subject_kind, EventRow.subject_id == following
    )
    freed = sa.update(Delivery).where(
        Delivery.event_id.in_(due), Delivery.done_at.is_(None), Delivery.parked_at.is_(None)
    )
    woken = uow.session.execute(
        freed.values(due_at=uow.now).returning(Delivery.id).execution_options(synchronize_session=False)
    ).all()
    if woken:
        uow.session.execute(sa.text(f"NOTIFY {WAKE_CHANNEL}"))
