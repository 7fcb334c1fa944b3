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
