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


@dataclass(frozen=True, slots=True, kw_only=True)
class _CommuneEvent(Event):
    subject_kind: ClassVar[str] = "commune"  # `subject_id`: see `site_number`


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
