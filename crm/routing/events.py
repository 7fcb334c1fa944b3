"""What happens to the decision table. Codes and ids only; `subject_id` is the table's id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingEvent(Event):
    subject_kind: ClassVar[str] = "routing_table"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPublished(RoutingEvent):
    """A version of the rules takes effect, at once or on a day to come."""

    kind: ClassVar[str] = "routing.published"
    version: int
    rules: int
    effective_at: str | None = None  # ISO moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingWithdrawn(RoutingEvent):
    """A version that was to take effect later is a draft again."""

    kind: ClassVar[str] = "routing.withdrawn"
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingDraftStarted(RoutingEvent):
    kind: ClassVar[str] = "routing.draft_started"
    version: int | None = None  # from which one


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingDraftDropped(RoutingEvent):
    kind: ClassVar[str] = "routing.draft_dropped"
    rules_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingDraftRefreshed(RoutingEvent):
    """Its changes were done again on the version that a colleague published meanwhile."""

    kind: ClassVar[str] = "routing.draft_refreshed"
    version: int
    clashes: list[int] = field(default_factory=list)  # rules that both had changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChanged(RoutingEvent):
    """`changes`: field → [old, new] in codes; [] for words."""

    kind: ClassVar[str] = "routing.rule_changed"
    rule: int  # its number
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAdded(RoutingEvent):
    kind: ClassVar[str] = "routing.rule_added"
    rule: int
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRemoved(RoutingEvent):
    kind: ClassVar[str] = "routing.rule_removed"
    rule: int
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSimulationAsked(RoutingEvent):
    kind: ClassVar[str] = "routing.simulation_asked"
    simulation_id: int
