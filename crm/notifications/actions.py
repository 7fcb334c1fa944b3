"""What an agent may do to what did not go through, and to receipts that are not owed."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import one_case
from crm.foundation import Delivery, Invalid, NotFound, UnitOfWork, clean
from crm.foundation.unit_of_work import WAKE_CHANNEL
from crm.interactions import add_note
from crm.notifications.events import DeliveryRetried, ReceiptsWaived
from crm.notifications.models import ReceiptClock


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


def waive_receipts(uow: UnitOfWork, reference: str, motive: str) -> None:
    """No receipt is owed for this sending: it is abusive by its number or its repetition (CRPA L112-11).

    Raises:
        Invalid: no motive was given.
        NotFound: none is owed: it left already, was waived, or never was.
    """
    require(uow.actor, Permission.RECEIPT_WAIVE)
    case = one_case(uow.session, uow.actor, reference)
    if not clean(motive):
        raise Invalid({"motive": "required"})
    waived = uow.session.execute(
        sa.update(ReceiptClock)
        .where(ReceiptClock.case_id == case.id, ReceiptClock.met_at.is_(None), ReceiptClock.waived.is_(None))
        .values(waived="abusive", waived_by=uow.actor.id)
        .returning(ReceiptClock.nature)
        .execution_options(synchronize_session=False)
    ).all()
    if not waived:
        raise NotFound(reference=reference)
    note = add_note(uow, case, case.id, motive, kind="receipt_waived")
    uow.record(ReceiptsWaived(subject_id=case.id, interaction_id=note))
