"""What is handed to the actions: a message to send, what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from crm.foundation import Invalid, clean
from crm.interactions.models import FIRST_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a usager.

    Args:
        kind: registration, question, answer, referral, reopened or delay.
        channel: email, sms, letter (to print) or phone (a task: somebody calls back).
        recipient: an e-mail, a number, or the lines of an address.
        watcher_id: who is told, when it is one of those who follow the case and not its requester.
        promised_at: when the call back was promised for, aware.
        promised_until: the same, when it was promised between two hours.
        held_seconds: how long it waits before it leaves, so that its author may take it back.
    """

    kind: str
    channel: str
    recipient: str
    body: str
    subject: str = ""
    contact_id: int | None = None
    watcher_id: int | None = None
    is_public: bool = True
    promised_at: datetime | None = None
    promised_until: datetime | None = None
    held_seconds: int = 0


def checked(message: Message) -> Message:
    """The same, storable: the subject on one line, since it becomes a header.

    Raises:
        Invalid: an unknown channel, nobody to send to, or nothing to say.
    """
    kept = replace(
        message,
        subject=re.sub(r"\s+", " ", clean(message.subject)),
        body=clean(message.body),
        recipient=clean(message.recipient),
    )
    wrong: dict[str, str] = {}
    if kept.channel not in FIRST_STATES:
        wrong["channel"] = "unknown"
    if not kept.recipient:
        wrong["recipient"] = "required"
    if not kept.body:
        wrong["body"] = "required"
    if wrong:
        raise Invalid(wrong)
    return kept


@dataclass(frozen=True, slots=True)
class Sent:
    """A provider took the message."""

    id: int
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It was not taken. `reason` is a code, never the server's words."""

    id: int
    reason: str
