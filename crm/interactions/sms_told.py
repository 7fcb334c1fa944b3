"""How far our messages got, as providers say; and which demands we lately wrote about to a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.interactions.given import NotSent
from crm.interactions.models import Interaction, SendingState
from crm.interactions.sending import mark_refused

# Written into the statement: a partial index serves constants, not parameters.
_OUT = Interaction.direction == sa.literal("out", literal_execute=True)
_OURS = (_OUT, Interaction.channel == sa.literal("sms", literal_execute=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a provider tells of one SMS, a mail server of one mail.

    Args:
        message_id: our own id, when the provider gives it back; else `provider_id` is its own.
        failed: why it will not arrive, a code; empty when it did.
    """

    at: datetime
    message_id: int | None = None
    channel: str = "sms"
    provider_id: str = ""
    failed: str = ""


def note_delivery(uow: UnitOfWork, told: Delivered) -> int | None:
    """Keep it. Returns the message's id; None when it is none of ours.

    Told twice changes nothing; what arrived has arrived, whatever is said later.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    row = uow.session.execute(_found(told).with_for_update()).one_or_none()
    if row is None:
        return None
    if told.failed:
        if row.delivered_at is None:
            mark_refused(uow, [NotSent(row.id, told.failed)])
        return int(row.id)
    state = SendingState.SENT if row.state == SendingState.REFUSED else row.state
    kept = {"delivered_at": row.delivered_at or told.at, "state": state}
    uow.session.execute(sa.update(Interaction).where(Interaction.id == row.id).values(kept))
    return int(row.id)


def _found(told: Delivered) -> sa.Select[int, str, datetime | None]:
    said = sa.select(Interaction.id, Interaction.state, Interaction.delivered_at)
    if told.message_id is not None:
        return said.where(Interaction.id == told.message_id, _OUT, Interaction.channel == told.channel)
    known = said.where(*_OURS, Interaction.provider_id == (told.provider_id or None))
    return known.order_by(Interaction.id.desc()).limit(1)


def cases_told_by_sms(session: Session, number: str, since: datetime) -> list[int]:
    """The demands about which an SMS of ours left for this number since then; two are enough to hesitate."""
    told = (
        sa.select(Interaction.case_id)
        .where(
            *_OURS,
            Interaction.recipient == number,
            Interaction.sent_at >= since,
            Interaction.case_id.is_not(None),
        )
        .distinct()
        .limit(2)
    )
    return [case_id for case_id in session.scalars(told) if case_id is not None]
