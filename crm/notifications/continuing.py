"""The message that brings a resident to what an agent began for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.contacts import language_at
from crm.foundation import Unavailable
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.filling import about_no_case
from crm.notifications.saying import Day, Values

_KIND = "continuation"


def compose_continuation(
    session: Session, centre: Centre, *, channel: str, recipient: str, link: str, until: datetime
) -> Message:
    """A link and nothing of the demand: the address was typed, and may be another’s.

    Raises:
        Unavailable: no text of ours is loaded for it.
    """
    language = language_at(session, channel, recipient)
    values: Values = {"link": link, "due_date": Day(until)}
    ready = about_no_case(session, centre, _KIND, channel, values, language=language)
    if not ready.body:
        raise Unavailable(server="replies", why=_KIND)
    return Message(
        kind=_KIND,
        channel=channel,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        is_public=False,
    )
