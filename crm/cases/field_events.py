"""What happens to a case on the ground and in the hands of a team lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.cases.events import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOnTheWay(CaseEvent):
    """Somebody has left for the place."""

    kind: ClassVar[str] = "case.on_the_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNeedsMore(CaseEvent):
    """It cannot be done as it stands: the team lead is told what is missing."""

    kind: ClassVar[str] = "case.needs_more"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseToldLater(CaseEvent):
    """What stands beside it was done before it arrived: the telephone had no network."""

    kind: ClassVar[str] = "case.told_later"
    act: str
    done_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSeenThere(CaseEvent):
    """The agent agreed to say how far from the place they were; where they were is not kept."""

    kind: ClassVar[str] = "case.seen_there"
    metres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReportKept(CaseEvent):
    """A report came from the ground after something newer: kept as a note, nothing is written over."""

    kind: ClassVar[str] = "case.report_kept"
    act: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntrusted(CaseEvent):
    """A colleague of the unit follows it."""

    kind: ClassVar[str] = "case.entrusted"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLeft(CaseEvent):
    """Who followed it works here no more, and nobody took over."""

    kind: ClassVar[str] = "case.left"
    agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRaised(CaseEvent):
    """Made more urgent by hand."""

    kind: ClassVar[str] = "case.raised"
    priority: int
    from_priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelayed(CaseEvent):
    """A later date is announced; the first one stays as it was told.

    Args:
        is_told: the usager is written to or called; there may be nobody to tell.
        motive_id: the reason, which those who follow read too.
    """

    kind: ClassVar[str] = "case.delayed"
    due_on: str
    from_due_on: str
    interaction_id: int
    is_told: bool
    motive_id: int | None = None
