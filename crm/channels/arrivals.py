"""What every way in promises: raw first, kept as it came; then understood, by the adapter that knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crm.foundation import CrmError


class Nature(StrEnum):
    """What an arrival is. Only a `message` may become a demand or a reply."""

    MESSAGE = "message"
    AUTO_REPLY = "auto_reply"  # a robot's, an absence
    BOUNCE = "bounce"  # what we sent did not arrive
    RECEIPT = "receipt"  # what we sent arrived, or was read
    LIST = "list"  # a newsletter, a mailing list
    OURS = "ours"  # our own message come back
    CALL = "call"  # a telephone exchange tells of a call


class Unreadable(CrmError):
    """Nothing can be understood of it: a person looks at the raw content. `reason` is a code."""

    code = "unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class Forged(CrmError):
    """A webhook whose signature is missing, wrong or too old. Nothing is kept of it."""

    code = "forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing as a transport gave it.

    Args:
        external_id: the sender's own id; computed from the bytes when there is none. Once per channel.
        source: which of our mailboxes, numbers or accounts it came to.
        content: the bytes as they came.
        about: what only the transport knows, codes and addresses.
        received_at: when it reached us, if the transport knows better than our clock: our own mail server
            had it while we were away.
    """

    external_id: str
    content: bytes = field(repr=False)
    source: str = ""
    media_type: str = "application/octet-stream"
    about: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedFile:
    name: str
    content: bytes = field(repr=False)
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One arrival, in the terms of the house.

    Args:
        nature: see `Nature`; `why` is the code of what gave it away.
        sender: who wrote, in canonical form: an address, a number in E.164, an account's name.
        text: what the person wrote now; `folded` what they quoted and their signature.
        sent_at: what the sender claims; our own clock says when it was received.
        tokens: of ours, found in the addresses it was sent to: proof of the thread.
        answers_to: ids of messages that it says it answers, nearest first.
        hints: references read in the words: no proof, a help for the agent.
        message_id: the sender's own, the same whichever of our boxes it came to; empty when there is none.
        trust: results of authentication, by method (spf, dkim, dmarc).
        details: what else the adapter learnt, by code (of a bounce: the recipient, the status).
    """

    nature: Nature = Nature.MESSAGE
    why: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    message_id: str = ""
    subject: str = ""
    text: str = ""
    folded: str = ""
    html: str = field(default="", repr=False)
    files: tuple[JoinedFile, ...] = ()
    left_out: tuple[str, ...] = ()  # codes of what was not kept of it, and why
    sent_at: datetime | None = None
    tokens: tuple[str, ...] = ()
    answers_to: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    trust: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


class Receiver(Protocol):
    """The way in of a channel: built by `build_receiver(settings)` in the adapter's file, None when off."""

    @property
    def label(self) -> str:
        """French, shown to agents."""

    def understand(self, arrival: Arrival) -> Understood:
        """
        Raises:
            Unreadable: a person looks at it.
        """


class Hook(Receiver, Protocol):
    """A way in that others call: `POST /hooks/<adapter>`."""

    def arrivals(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Arrival]:
        """Verify first, then cut into arrivals; none for what is only a test of the line.

        Raises:
            Forged: before anything of the body is read.
            Unreadable: signed as it should be, and still not what was agreed.
        """
