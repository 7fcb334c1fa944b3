"""The message that brings a resident to what an agent began for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.channels import to_gsm7
from crm.foundation import Unavailable
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.knowledge import choose, fill, reply_templates
from crm.notifications.wording import in_figures, in_words

_KIND = "continuation"


def compose_continuation(
    session: Session, centre: Centre, *, channel: str, recipient: str, link: str, until: datetime
) -> Message:
    """A link and nothing of the demand: the address was typed, and may be another’s.

    Raises:
        Unavailable: no text of ours is loaded for it.
    """
    template = choose(reply_templates(session, _KIND), _KIND, channel=channel)
    if template is None:
        raise Unavailable(server="replies", why=_KIND)
    said = in_figures if channel == "sms" else in_words
    filled = fill(
        template,
        {
            "link": link,
            "due_date": said(until),
            "centre_phone": centre.phone,
            "centre_hours": centre.hours,
            "agent": centre.name,
        },
    )
    body = to_gsm7(filled.body) if channel == "sms" else filled.body
    return Message(
        kind=_KIND,
        channel=channel,
        recipient=recipient,
        subject=filled.subject,
        body=body,
        is_public=False,
    )
