"""What happens around a case that several report, in the past tense. Codes and ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.cases.events import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowed(CaseEvent):
    """One more person wants to know."""

    kind: ClassVar[str] = "case.followed"
    watcher_id: int
    channel: str
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnfollowed(CaseEvent):
    kind: ClassVar[str] = "case.unfollowed"
    watcher_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerSpoke(CaseEvent):
    """Somebody who follows added something."""

    kind: ClassVar[str] = "case.follower_spoke"
    watcher_id: int
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowersTold(CaseEvent):
    """Messages were prepared for those who follow and left a way to be told.

    Args:
        news: planned, secured, delayed, closed, reopened or cancelled.
    """

    kind: ClassVar[str] = "case.followers_told"
    news: str
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(CaseEvent):
    """It is the same as another, where its requester now follows."""

    kind: ClassVar[str] = "case.merged"
    original_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(CaseEvent):
    """Another demand, the same as this one, was merged into it."""

    kind: ClassVar[str] = "case.joined"
    duplicate_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnmerged(CaseEvent):
    """It was not the same after all."""

    kind: ClassVar[str] = "case.unmerged"
    original_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParted(CaseEvent):
    """A demand that had been merged into this one was taken out again."""

    kind: ClassVar[str] = "case.parted"
    duplicate_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResembled(CaseEvent):
    """When it was registered, others nearby looked like it: somebody may want to compare."""

    kind: ClassVar[str] = "case.resembled"
    references: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSuspected(CaseEvent):
    """So many people in so little time: a supervisor may declare an incident."""

    kind: ClassVar[str] = "incident.suspected"
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentProposed(CaseEvent):
    """An agent thinks that it is one."""

    kind: ClassVar[str] = "incident.proposed"
    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(CaseEvent):
    kind: ClassVar[str] = "incident.declared"
    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(CaseEvent):
    """It is over, or it never was one."""

    kind: ClassVar[str] = "incident.ended"
    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMoved(CaseEvent):
    """The demand it was on is a duplicate: it is said of this one."""

    kind: ClassVar[str] = "incident.moved"
    incident_id: int
    duplicate_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOverSaid(CaseEvent):
    """It is over, and everybody attached is told so; the demand goes on."""

    kind: ClassVar[str] = "incident.over_said"
    incident_id: int
    told_id: int  # what they are told


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRestored(CaseEvent):
    """The answer that ended it was taken back."""

    kind: ClassVar[str] = "incident.restored"
    incident_id: int
