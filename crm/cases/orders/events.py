"""What happens to the work orders of a case, in the past tense: the case's own timeline tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.cases.events import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(CaseEvent):
    order_id: int
    number: int
    unit_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAsked(OrderEvent):
    kind: ClassVar[str] = "order.asked"
    interaction_id: int  # what is to be done


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted(OrderEvent):
    kind: ClassVar[str] = "order.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlanned(OrderEvent):
    kind: ClassVar[str] = "order.planned"
    planned_on: str
    agent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSecured(OrderEvent):
    """The danger is away, the final works are dated: the order stays open for them."""

    kind: ClassVar[str] = "order.secured"
    planned_on: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnTheWay(OrderEvent):
    """Somebody has left for the place."""

    kind: ClassVar[str] = "order.on_the_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNeedsMore(OrderEvent):
    """It cannot be done as it stands: whoever leads the case is told what is missing."""

    kind: ClassVar[str] = "order.needs_more"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDone(OrderEvent):
    kind: ClassVar[str] = "order.done"
    outcome: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSentBack(OrderEvent):
    """The unit will not do it, and says why."""

    kind: ClassVar[str] = "order.sent_back"
    reason: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHandedOver(OrderEvent):
    """The unit that owed it closed: another one does."""

    kind: ClassVar[str] = "order.handed_over"
    from_unit_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawn(OrderEvent):
    kind: ClassVar[str] = "order.withdrawn"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDropped(OrderEvent):
    """The case ended while this was still to be done."""

    kind: ClassVar[str] = "order.dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRestored(OrderEvent):
    """The end of the case was taken back: this is to be done again."""

    kind: ClassVar[str] = "order.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEnded(CaseEvent):
    """No order is open any more: whoever leads the case may resolve it, so that the usager is answered."""

    kind: ClassVar[str] = "case.work_ended"
    how_many: int
