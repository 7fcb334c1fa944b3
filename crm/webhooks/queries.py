"""Subscriptions and what they were told, as screens read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import Actor, EventRow, NotFound
from crm.webhooks.models import Sending, Subscription


@dataclass(frozen=True, slots=True)
class SubscriptionCard:
    """`waiting`: facts that have not got through yet."""

    id: int
    name: str
    url: str
    kinds: list[str]
    unit_id: int | None
    is_active: bool
    quiet_until: datetime | None
    version: int
    waiting: int
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendingLine:
    id: int
    kind: str
    at: datetime
    reference: str
    state: str
    tries: int
    last_error: str | None
    tried_at: datetime | None


_WAITING = (
    sa.select(sa.func.count())
    .where(Sending.subscription_id == Subscription.id, Sending.state.in_(("waiting", "failed")))
    .scalar_subquery()
)
_LAST = (
    sa.select(sa.func.max(Sending.sent_at))
    .where(Sending.subscription_id == Subscription.id)
    .scalar_subquery()
)
_CARD = sa.select(
    Subscription.id, Subscription.name, Subscription.url, Subscription.kinds, Subscription.unit_id,
    Subscription.is_active, Subscription.quiet_until, Subscription.version, _WAITING, _LAST,
)  # fmt: skip


def subscriptions(session: Session, actor: Actor) -> list[SubscriptionCard]:
    """By name. One statement."""
    require(actor, Permission.WEBHOOK_MANAGE)
    rows = session.execute(_CARD.order_by(sa.func.lower(Subscription.name), Subscription.id))
    return [SubscriptionCard(*row) for row in rows]


def one_subscription(session: Session, actor: Actor, subscription_id: int) -> SubscriptionCard:
    """Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE)
    row = session.execute(_CARD.where(Subscription.id == subscription_id)).one_or_none()
    if row is None:
        raise NotFound(subscription=subscription_id)
    return SubscriptionCard(*row)


def sendings_page(
    session: Session,
    actor: Actor,
    subscription_id: int,
    *,
    before: int | None = None,
    only_undelivered: bool = False,
    limit: int = 50,
) -> list[SendingLine]:
    """The latest first."""
    require(actor, Permission.WEBHOOK_MANAGE)
    query = (
        sa.select(
            Sending.id, EventRow.kind, EventRow.at, Case.reference, Sending.state, Sending.tries,
            Sending.last_error, Sending.tried_at,
        )
        .join(EventRow, EventRow.id == Sending.event_id)
        .join(Case, Case.id == Sending.case_id)
        .where(Sending.subscription_id == subscription_id)
        .order_by(Sending.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        query = query.where(Sending.id < before)
    if only_undelivered:
        query = query.where(Sending.state.in_(("waiting", "failed")))
    return [SendingLine(*row) for row in session.execute(query)]
