"""What every way of reaching a usager promises, whoever the provider is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from crm.foundation import CrmError


class Refused(CrmError):
    """The other side will never take this message: trying again is useless, an agent must look."""

    code = "refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file beside the words, for the channels that carry any. `mime` as in its header."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message ready to leave.

    Args:
        id: the interaction's id, handed to providers that ignore a second call with the same one.
        message_id: the Message-ID kept on our side before the first try; a repeated try carries the same.
        automatic: written by the programme, not by a person: other robots must not answer it.
    """

    id: int
    recipient: str
    body: str
    subject: str = ""
    message_id: str = ""
    automatic: bool = True
    language: str = "fr"
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry. `characters` bounds the body; `subject` says whether it has one."""

    characters: int
    subject: bool


class Sender(Protocol):
    """A channel held open for a batch."""

    def send(self, message: Outbound) -> str:
        """Hand one message over and return the provider's id.

        Raises:
            Refused: never retry.
            crm.foundation.Unavailable: retry later. With `this_one_only`, the server itself is well.
        """


class Channel(Protocol):
    """One adapter a file. `by_hand`: somebody prints or calls, nothing leaves by itself."""

    @property
    def label(self) -> str:
        """French, shown to agents."""

    @property
    def limits(self) -> Limits: ...
    @property
    def by_hand(self) -> bool: ...

    def open(self) -> AbstractContextManager[Sender]:
        """Keep one connection for the messages of a batch. Connecting waits for the first of them."""
