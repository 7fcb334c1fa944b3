"""What happens to a lot. Its demands tell their own story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LotStarted(Event):
    """An agent asked for one act on many demands: a job does it."""

    kind: ClassVar[str] = "lot.started"
    subject_kind: ClassVar[str] = "lot"
    act: str
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEnded(Event):
    """Each of its demands has its result."""

    kind: ClassVar[str] = "lot.ended"
    subject_kind: ClassVar[str] = "lot"
    done: int
    refused: int
