"""The word that tells a usager that somebody answered them in the thread of their demand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.composing import draft


def reply_notice(
    session: Session, centre: Centre, case: CaseSheet, said: str, now: datetime
) -> Message | None:
    """By e-mail or SMS, that we answered and where to read it; on a letter or by telephone, the words too.

    None when there is no way to reach them.
    """
    if case.answer_channel == "none":
        return None
    ready = draft(session, centre, case, "reply", now, extra={"message": said.strip()})
    if not (ready.recipient and ready.body):
        return None
    return Message(
        kind="reply_notice",
        channel=ready.channel,
        recipient=ready.recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
        is_public=False,
    )
