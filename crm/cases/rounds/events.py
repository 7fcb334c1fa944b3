"""What happens to a round. Its stops tell their own story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEvent(Event):
    subject_kind: ClassVar[str] = "round"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMade(RoundEvent):
    kind: ClassVar[str] = "round.made"
    unit_id: int
    agent_id: int | None
    day: str
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundChanged(RoundEvent):
    """A stop moved or went away."""

    kind: ClassVar[str] = "round.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCancelled(RoundEvent):
    kind: ClassVar[str] = "round.cancelled"
