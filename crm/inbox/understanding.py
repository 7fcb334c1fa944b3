"""From raw bytes to something a person can read, and an end for what needs nobody."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from crm.access import Permission, require
from crm.channels import Arrival, Nature, Receiver, Understood, Unreadable
from crm.foundation import UnitOfWork, clean
from crm.inbox.events import InboundSettled
from crm.inbox.models import Inbound, InboundRaw, Outcome

_NO_ANSWER = {
    Nature.AUTO_REPLY: Outcome.DISCARDED,
    Nature.LIST: Outcome.DISCARDED,
    Nature.OURS: Outcome.DISCARDED,
    Nature.BOUNCE: Outcome.RECEIPT,
    Nature.RECEIPT: Outcome.RECEIPT,
}


def understand(uow: UnitOfWork, receivers: Mapping[str, Receiver], inbound_id: int) -> None:
    """Read an arrival and settle it, unless it was already. What nobody can read waits for a person."""
    require(uow.actor, Permission.INBOUND_STORE)
    held = sa.select(Inbound).where(Inbound.id == inbound_id, Inbound.outcome.is_(None)).with_for_update()
    row = uow.session.execute(held).scalar_one_or_none()
    if row is None:
        return
    receiver = receivers.get(row.channel)
    if receiver is None:
        _settle(uow, row, Outcome.WAITING, "no_receiver")
        return
    try:
        told = receiver.understand(_arrival(uow, row))
    except Unreadable as unreadable:
        _settle(uow, row, Outcome.WAITING, unreadable.reason)
        return
    _fill(row, told)
    outcome = _NO_ANSWER.get(told.nature, Outcome.WAITING)
    _settle(uow, row, outcome, told.why or (told.nature if outcome is Outcome.DISCARDED else None))


def _arrival(uow: UnitOfWork, row: Inbound) -> Arrival:
    content = uow.session.execute(
        sa.select(InboundRaw.content).where(InboundRaw.inbound_id == row.id)
    ).scalar_one()
    return Arrival(
        external_id=row.external_id,
        content=content,
        source=row.source,
        media_type=row.media_type,
        about=row.about,
    )


def _fill(row: Inbound, told: Understood) -> None:
    row.nature = told.nature
    row.sender, row.sender_name = clean(told.sender), clean(told.sender_name)
    row.subject, row.text, row.folded = clean(told.subject), clean(told.text), clean(told.folded)
    row.sent_at = told.sent_at
    row.details = {"trust": dict(told.trust), "left_out": list(told.left_out), **told.details}


def _settle(uow: UnitOfWork, row: Inbound, outcome: Outcome, reason: str | None = None) -> None:
    row.outcome, row.reason, row.settled_at = outcome, reason, uow.now
    uow.record(InboundSettled(subject_id=row.id, channel=row.channel, outcome=outcome, reason=reason))
