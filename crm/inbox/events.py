"""What happens to arrivals, in the past tense. Codes and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEvent(Event):
    subject_kind: ClassVar[str] = "inbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundStored(InboundEvent):
    """Kept as it came; a job understands it."""

    kind: ClassVar[str] = "inbound.stored"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundSettled(InboundEvent):
    """It is known what became of it."""

    kind: ClassVar[str] = "inbound.settled"
    channel: str
    outcome: str
    reason: str | None = None
    case_id: int | None = None
