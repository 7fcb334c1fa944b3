"""What colleagues do together on a case, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.cases.events import CaseEvent
from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedOut(CaseEvent):
    """Something was done outside the script, the competence, the delay or the usual means."""

    kind: ClassVar[str] = "case.stepped_out"
    outside: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffScriptLooked(CaseEvent):
    """A colleague looked at it too."""

    kind: ClassVar[str] = "case.off_script_looked"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeARule(CaseEvent):
    """What was done outside the frame has become a rule."""

    kind: ClassVar[str] = "case.made_a_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWatched(CaseEvent):
    """An agent follows it."""

    kind: ClassVar[str] = "case.watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnwatched(CaseEvent):
    kind: ClassVar[str] = "case.unwatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesTold(CaseEvent):
    """A note names colleagues: they find it among theirs."""

    kind: ClassVar[str] = "case.colleagues_told"
    interaction_id: int
    how_many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRestricted(CaseEvent):
    """From now on, few may read it. `readers` as marks: see crm/access/restriction.py; `held`: messages to
    usagers that had not left and will not.
    """

    kind: ClassVar[str] = "case.restricted"
    restriction: str
    interaction_id: int
    readers: list[str]
    held: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(CaseEvent):
    kind: ClassVar[str] = "case.restriction_lifted"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedCaseRead(Event):
    """Somebody opened a case whose readers are named. Apart from the timeline: it is read on its own page."""

    kind: ClassVar[str] = "restricted.read"
    subject_kind: ClassVar[str] = "restricted"  # the case's id
