"""What an agent may do to what did not go through."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Delivery, NotFound, UnitOfWork
from crm.foundation.unit_of_work import WAKE_CHANNEL
from crm.notifications.events import DeliveryRetried


def retry_delivery(uow: UnitOfWork, delivery_id: int) -> None:
    """Give a parked delivery its tries back, from now on.

    Raises:
        NotFound: it is not parked: done, retried by somebody else, or it never was.
    """
    require(uow.actor, Permission.DELIVERY_MANAGE)
    delivery = uow.session.scalar(
        sa.select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.parked_at.is_not(None))
        .with_for_update()
    )
    if delivery is None:
        raise NotFound(delivery=delivery_id)
    delivery.parked_at, delivery.attempts, delivery.due_at = None, 0, uow.now
    uow.record(DeliveryRetried(subject_id=delivery_id, job=delivery.job))
    uow.session.execute(sa.text(f"NOTIFY {WAKE_CHANNEL}"))
