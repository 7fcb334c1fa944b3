"""The one SMS that answers « STOP », or « REPRENDRE »: what was asked is done, and how to undo it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.contacts import contacts_at, language_at
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.filling import about_no_case
from crm.notifications.saying import Day

# Whoever sent the word waits for it: it leaves at night, and to a number that wants no SMS any more.
SMS_WISHES = frozenset({"sms_refused", "sms_accepted"})


def compose_sms_wish(
    session: Session, centre: Centre, kind: str, number: str, now: datetime
) -> Message | None:
    """None while no text is loaded for it.

    Args:
        kind: one of `SMS_WISHES`.
    """
    language = language_at(session, "sms", number)
    ready = about_no_case(session, centre, kind, "sms", {"today": Day(now)}, language=language)
    if not ready.body:
        return None
    whose = contacts_at(session, "phone", number)
    return Message(
        kind=kind,
        channel="sms",
        recipient=number,
        body=ready.body,
        contact_id=whose[0] if len(whose) == 1 else None,
        is_public=False,
    )
