"""What happens to a round, and to what is put on it: the demand's own timeline tells that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.cases.events import CaseEvent
from crm.cases.orders.events import OrderEvent
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
    """A stop came, moved or went away."""

    kind: ClassVar[str] = "round.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCancelled(RoundEvent):
    kind: ClassVar[str] = "round.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoinedRound(CaseEvent):
    kind: ClassVar[str] = "case.joined_round"
    round_id: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLeftRound(CaseEvent):
    kind: ClassVar[str] = "case.left_round"
    round_id: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderJoinedRound(OrderEvent):
    kind: ClassVar[str] = "order.joined_round"
    round_id: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLeftRound(OrderEvent):
    """Off the round; still to be done."""

    kind: ClassVar[str] = "order.left_round"
    round_id: int
    day: str
