"""What happens to the sites of the network. Codes and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHandedOver(Event):
    """What a leaving agent had begun goes to a colleague, or back to the unit."""

    kind: ClassVar[str] = "agent.handed_over"
    subject_kind: ClassVar[str] = "agent"
    to_agent_id: int | None
    drafts: int
    cases: int
    orders: int


def site_number(insee: str) -> int:
    """The number under which facts about a commune are kept: its code read in base 36, for Corsica."""
    return int(insee, 36)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CommuneEvent(Event):
    subject_kind: ClassVar[str] = "commune"  # `subject_id`: see `site_number`


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneAdded(_CommuneEvent):
    """On screen: it prepares itself."""

    kind: ClassVar[str] = "commune.added"
    insee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneTakenBack(_CommuneEvent):
    """It had been added by mistake. The note is here: no row of it is left."""

    kind: ClassVar[str] = "commune.taken_back"
    insee: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneStepSaid(_CommuneEvent):
    kind: ClassVar[str] = "commune.step_said"
    insee: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneStepUnsaid(_CommuneEvent):
    kind: ClassVar[str] = "commune.step_unsaid"
    insee: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoLiveDecided(_CommuneEvent):
    """`live_on`: the day; empty when it was taken back."""

    kind: ClassVar[str] = "commune.go_live_decided"
    insee: str
    live_on: str
