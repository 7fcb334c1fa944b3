"""What happens to exchanges. The subject is the case they belong to; 0 when they belong to none yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _InteractionEvent(Event):
    subject_kind: ClassVar[str] = "case"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRecorded(_InteractionEvent):
    kind: ClassVar[str] = "interaction.recorded"
    channel: str
    interaction_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(_InteractionEvent):
    """Said among us. `note_kind` tells a plain note from a motive or a report."""

    kind: ClassVar[str] = "note.added"
    note_kind: str = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(_InteractionEvent):
    kind: ClassVar[str] = "message.queued"
    channel: str
    message_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(_InteractionEvent):
    kind: ClassVar[str] = "message.sent"
    channel: str
    message_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(_InteractionEvent):
    """It will never arrive this way: the usager must be reached otherwise."""

    kind: ClassVar[str] = "message.refused"
    channel: str
    message_kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCancelled(_InteractionEvent):
    kind: ClassVar[str] = "message.cancelled"
    channel: str
    message_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted(_InteractionEvent):
    kind: ClassVar[str] = "letter.printed"
    message_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade(_InteractionEvent):
    """A call back was tried; the usager was reached or not."""

    kind: ClassVar[str] = "call.made"
    message_kind: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """A call that made no case, and why. The subject is the call itself.

    Args:
        dangers_said, dangers_unsaid: codes of those heard, by whether the agent said what must be said.
    """

    kind: ClassVar[str] = "call.ended"
    subject_kind: ClassVar[str] = "interaction"
    reason: str
    category: str | None = None
    seconds: int | None = None
    dangers_said: tuple[str, ...] = ()
    dangers_unsaid: tuple[str, ...] = ()
