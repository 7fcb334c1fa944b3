"""What happens to a case, in the past tense. Codes and ids only; free text stands in interactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseEvent(Event):
    subject_kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(_CaseEvent):
    kind: ClassVar[str] = "case.opened"
    channel: str
    category: str | None
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRouted(_CaseEvent):
    """A unit is entrusted with the case, by a rule or by hand."""

    kind: ClassVar[str] = "case.routed"
    unit_id: int
    from_unit_id: int | None = None
    rule_id: int | None = None
    table_version: int | None = None
    interaction_id: int | None = None  # the motive, when routed by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnroutable(_CaseEvent):
    kind: ClassVar[str] = "case.unroutable"
    reason: str
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefused(_CaseEvent):
    """Outside the territory or on private ground: said at once, with whom to contact."""

    kind: ClassVar[str] = "case.refused"
    reason: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReferred(_CaseEvent):
    """Forwarded to the competent body (CRPA L114-2); the usager is told to whom."""

    kind: ClassVar[str] = "case.referred"
    unit_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(_CaseEvent):
    kind: ClassVar[str] = "case.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlanned(_CaseEvent):
    kind: ClassVar[str] = "case.planned"
    planned_on: str  # ISO day


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSecured(_CaseEvent):
    """The danger is away; the final works are still to come."""

    kind: ClassVar[str] = "case.secured"
    planned_on: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsked(_CaseEvent):
    kind: ClassVar[str] = "case.asked"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReplied(_CaseEvent):
    kind: ClassVar[str] = "case.replied"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAwaitsPartner(_CaseEvent):
    kind: ClassVar[str] = "case.awaits_partner"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(_CaseEvent):
    kind: ClassVar[str] = "case.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBounced(_CaseEvent):
    kind: ClassVar[str] = "case.bounced"
    from_unit_id: int | None
    reason: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResolved(_CaseEvent):
    kind: ClassVar[str] = "case.resolved"
    outcome: str
    unit_id: int | None
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(_CaseEvent):
    kind: ClassVar[str] = "case.closed"
    outcome: str
    interaction_id: int | None = None
    no_answer_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(_CaseEvent):
    kind: ClassVar[str] = "case.cancelled"
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(_CaseEvent):
    kind: ClassVar[str] = "case.reopened"
    reason: str
    contested: bool = False
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEdited(_CaseEvent):
    """Fields that changed; old and new values for codes, names alone for free text."""

    kind: ClassVar[str] = "case.edited"
    changes: dict[str, list[str | int | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePrecised(_CaseEvent):
    """The resident added something on their own."""

    kind: ClassVar[str] = "case.precised"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRevealed(_CaseEvent):
    """An agent whose role sees masked details asked to see them."""

    kind: ClassVar[str] = "contact.revealed"
    contact_id: int
