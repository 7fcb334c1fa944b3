"""What happens to a case, in the past tense. Codes and ids only; free text stands in interactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from crm.deadlines import PauseReason
from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    subject_kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(CaseEvent):
    kind: ClassVar[str] = "case.opened"
    channel: str
    category: str | None
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRouted(CaseEvent):
    """A unit is entrusted with the case, by a rule or by hand."""

    kind: ClassVar[str] = "case.routed"
    unit_id: int
    from_unit_id: int | None = None
    rule_id: int | None = None
    table_version: int | None = None
    interaction_id: int | None = None  # the motive, when routed by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnroutable(CaseEvent):
    kind: ClassVar[str] = "case.unroutable"
    reason: str
    category: str | None = None
    unit_id: int | None = None  # another body is competent: this one


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefused(CaseEvent):
    """Outside the territory or on private ground: said at once, with whom to contact."""

    kind: ClassVar[str] = "case.refused"
    reason: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrgent(CaseEvent):
    """Somebody may be hurt, and somebody must be called: as it is opened, made more urgent, given to another
    unit or back to nobody, opened again.
    """

    kind: ClassVar[str] = "case.urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReferred(CaseEvent):
    """Forwarded to the competent body (CRPA L114-2); the usager is told to whom."""

    kind: ClassVar[str] = "case.referred"
    unit_id: int | None  # None: a body that is not among those we know
    interaction_id: int | None = None  # to whom, in words: by an agent; None when a rule decided it


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturned(CaseEvent):
    """The body it was forwarded to refused it: it is ours again."""

    kind: ClassVar[str] = "case.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(CaseEvent):
    kind: ClassVar[str] = "case.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlanned(CaseEvent):
    kind: ClassVar[str] = "case.planned"
    planned_on: str  # ISO day


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSecured(CaseEvent):
    """The danger is away; the final works are still to come."""

    kind: ClassVar[str] = "case.secured"
    planned_on: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsked(CaseEvent):
    kind: ClassVar[str] = "case.asked"
    interaction_id: int
    left_state: str | None = None
    reason: str = PauseReason.PRECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReplied(CaseEvent):
    kind: ClassVar[str] = "case.replied"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAwaitsPartner(CaseEvent):
    kind: ClassVar[str] = "case.awaits_partner"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(CaseEvent):
    kind: ClassVar[str] = "case.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBounced(CaseEvent):
    kind: ClassVar[str] = "case.bounced"
    from_unit_id: int | None
    reason: str
    interaction_id: int | None = None
    proposed_unit_id: int | None = None  # whose it is, in the eyes of whoever sends it back


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResolved(CaseEvent):
    kind: ClassVar[str] = "case.resolved"
    outcome: str
    unit_id: int | None
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    kind: ClassVar[str] = "case.closed"
    outcome: str
    interaction_id: int | None = None
    no_answer_reason: str | None = None
    told_id: int | None = None  # what those who follow are told
    left_state: str | None = None  # where it was before, should the answer be taken back
    left_outcome: str | None = None
    left_contested_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenBack(CaseEvent):
    """Its author took back a message before it left: the case is again where it was."""

    kind: ClassVar[str] = "case.taken_back"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(CaseEvent):
    kind: ClassVar[str] = "case.cancelled"
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(CaseEvent):
    kind: ClassVar[str] = "case.reopened"
    reason: str
    contested: bool = False
    interaction_id: int | None = None
    watcher_id: int | None = None  # who contested, when it is not the requester


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEdited(CaseEvent):
    """Fields that changed; old and new values for codes, names alone for free text."""

    kind: ClassVar[str] = "case.edited"
    changes: dict[str, list[str | int | None]] = field(default_factory=dict)
    opens_to_all: bool = False  # its author was told and confirmed it


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePrecised(CaseEvent):
    """The resident added something on their own."""

    kind: ClassVar[str] = "case.precised"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerSaid(CaseEvent):
    """The agent told the usager what to do about a danger heard, and checked that it was understood."""

    kind: ClassVar[str] = "case.danger_said"
    danger: str
    said_at: str  # ISO moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerUnsaid(CaseEvent):
    """A danger was heard, and nobody confirmed that what to do was said."""

    kind: ClassVar[str] = "case.danger_unsaid"
    danger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRevealed(CaseEvent):
    """An agent whose role sees masked details asked to see them."""

    kind: ClassVar[str] = "contact.revealed"
    contact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagerWrote(CaseEvent):
    """To the centre, from the tracking page: somebody is to answer."""

    kind: ClassVar[str] = "case.written"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagerMessageAnswered(CaseEvent):
    kind: ClassVar[str] = "case.message_answered"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagerMessageRead(CaseEvent):
    """Read, and nothing to answer: « merci »."""

    kind: ClassVar[str] = "case.message_read"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReminded(CaseEvent):
    """The usager asks where it stands; nothing else changes."""

    kind: ClassVar[str] = "case.reminded"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWayAsked(CaseEvent):
    """To be answered elsewhere; a link was sent there, that is still to be followed."""

    kind: ClassVar[str] = "case.answer_way_asked"
    reach_id: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWayChanged(CaseEvent):
    kind: ClassVar[str] = "case.answer_way_changed"
    channel: str
    from_channel: str
    reach_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPromised(CaseEvent):
    """Somebody calls the usager between two moments, in ISO."""

    kind: ClassVar[str] = "case.call_promised"
    interaction_id: int
    since: str
    until: str
