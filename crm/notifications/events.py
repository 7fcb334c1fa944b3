"""What happens to the things that must be done, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptHeldBack(Event):
    """Too many receipts left today for the same address, that nobody showed to be theirs."""

    kind: ClassVar[str] = "receipt.held_back"
    subject_kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsWaived(Event):
    """A supervisor found the sending abusive (CRPA L112-11): no receipt is owed. The motive is a note."""

    kind: ClassVar[str] = "receipt.waived"
    subject_kind: ClassVar[str] = "case"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersBatched(Event):
    """Letters were put together to be printed. The subject is the batch."""

    kind: ClassVar[str] = "letters.batched"
    subject_kind: ClassVar[str] = "letter_batch"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersUnbatched(Event):
    """The batch is undone: its letters wait to be printed again."""

    kind: ClassVar[str] = "letters.unbatched"
    subject_kind: ClassVar[str] = "letter_batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class _DeliveryEvent(Event):
    subject_kind: ClassVar[str] = "delivery"
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryParked(_DeliveryEvent):
    """Tried too often without success: it waits for somebody to look."""

    kind: ClassVar[str] = "delivery.parked"
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRetried(_DeliveryEvent):
    """Somebody looked, and asked for new tries."""

    kind: ClassVar[str] = "delivery.retried"
