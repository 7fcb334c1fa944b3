"""Who sent more than we take in is told so, once a day; their mail waits for somebody by its head alone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.channels import Understood
from crm.foundation import UnitOfWork
from crm.foundation.settings import Centre
from crm.inbox.models import Inbound
from crm.interactions import Message, queue_message

_A_DAY = timedelta(days=1)
REASON = "too_big"
_SUBJECT = "Votre message est trop volumineux"
_BODY = (
    "Bonjour,\n\n"
    "Votre message du {day} est bien arrivé, mais il est trop volumineux pour que nous puissions l’ouvrir.\n"
    "Envoyez-le de nouveau sans pièce jointe, ou avec des photos plus petites.\n"
    "Vous pouvez aussi nous joindre au {phone}, {hours}.\n\n{name}"
)


def tell_too_big(uow: UnitOfWork, row: Inbound, told: Understood, centre: Centre) -> None:
    """Nothing is said to who is not authenticated: their name may be somebody else's."""
    if not row.sender or "fail" in told.trust.values() or _was_told(uow, row):
        return
    body = _BODY.format(
        day=f"{row.received_at:%d/%m/%Y}", phone=centre.phone, hours=centre.hours, name=centre.name
    )
    said = Message(
        kind="too_big", channel="email", recipient=row.sender, subject=_SUBJECT, body=body, is_public=False
    )
    row.interaction_id = queue_message(uow, None, None, said)


def _was_told(uow: UnitOfWork, row: Inbound) -> bool:
    before = sa.select(Inbound.id).where(
        Inbound.sender == row.sender,
        Inbound.received_at > uow.now - _A_DAY,
        Inbound.reason == REASON,
        Inbound.interaction_id.is_not(None),
    )
    return uow.session.scalar(before.limit(1)) is not None
