"""The word that tells the first who asked that an incident is over; followers.py has that of the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.composing import draft

INCIDENT_OVER = "incident_over"


def incident_notice(
    session: Session, centre: Centre, case: CaseSheet, said: str, now: datetime
) -> Message | None:
    """By the channel they chose, letter and telephone included; None when there is no way to reach them."""
    if case.answer_channel == "none":
        return None
    ready = draft(session, centre, case, INCIDENT_OVER, now, extra={"message": said.strip()})
    if not (ready.recipient and ready.body):
        return None
    return Message(
        kind=INCIDENT_OVER,
        channel=ready.channel,
        recipient=ready.recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )
