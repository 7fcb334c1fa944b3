"""The life of a case: one table of verbs. Buttons, permissions and docs/lifecycle.md are read from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.access import Permission
from crm.foundation import IllegalStep


class CaseState(StrEnum):
    REGISTERED = "registered"  # nobody is entrusted with it yet: « À qualifier »
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"  # the unit has done its part; the answer to the usager is to be given
    CLOSED = "closed"
    CANCELLED = "cancelled"


ENDED = frozenset({CaseState.CLOSED, CaseState.CANCELLED})
# Nobody need be competent yet: the centre may ask the usager what it takes to find who is.
MAY_LACK_UNIT = ENDED | {CaseState.REGISTERED, CaseState.WAITING_REQUESTER}
GIVEN_BACK = frozenset(
    {"reopen", "resume", "reply", "unmerge"}
)  # verbs that lead to « À qualifier » for want of a unit
WITH_UNIT = frozenset(set(CaseState) - ENDED - {CaseState.REGISTERED, CaseState.RESOLVED})


@dataclass(frozen=True, slots=True)
class Step:
    """One verb.

    Args:
        requires: what the person must give besides the case.
    """

    verb: str
    sources: frozenset[CaseState]
    target: CaseState
    permission: Permission
    requires: tuple[str, ...] = ()


def _step(verb: str, sources: str, target: str, permission: Permission, *requires: str) -> Step:
    states = frozenset(CaseState(source) for source in sources.split())
    return Step(verb, states, CaseState(target), permission, requires)


_WORKED = "assigned in_progress scheduled waiting_requester waiting_third_party"
_P = Permission
STEPS = {
    step.verb: step
    for step in (
        _step("route", f"registered {_WORKED}", "assigned", _P.CASE_ROUTE, "unit", "motive"),
        _step("accept", "assigned", "in_progress", _P.CASE_ACCEPT),
        _step("plan", f"{_WORKED}", "scheduled", _P.CASE_ACCEPT, "planned_on"),
        _step("ask", f"registered {_WORKED}", "waiting_requester", _P.CASE_ASK, "question"),
        _step("await_partner", f"{_WORKED}", "waiting_third_party", _P.CASE_ACCEPT, "motive"),
        _step("resume", "waiting_requester waiting_third_party", "in_progress", _P.CASE_ACCEPT),
        _step("reply", "waiting_requester", "in_progress", _P.CASE_FOLLOW_UP, "text"),
        _step("secure", f"{_WORKED}", "scheduled", _P.CASE_RESOLVE, "planned_on"),
        _step("bounce", f"{_WORKED}", "registered", _P.CASE_BOUNCE, "reason"),
        _step("resolve", f"{_WORKED}", "resolved", _P.CASE_RESOLVE, "outcome", "report"),
        _step(
            "close",
            "registered assigned waiting_requester resolved",
            "closed",
            _P.CASE_CLOSE,
            "outcome",
            "answer",
        ),
        _step("refer", f"registered {_WORKED} resolved", "closed", _P.CASE_CLOSE, "organization", "extract"),
        _step("cancel", f"registered {_WORKED}", "cancelled", _P.CASE_CANCEL, "reason"),
        _step("reopen", "resolved closed", "assigned", _P.CASE_REOPEN, "reason"),
        _step("merge", f"registered {_WORKED} resolved", "closed", _P.CASE_MERGE, "original"),
        _step("unmerge", "closed", "assigned", _P.CASE_MERGE),  # of a case that was merged
    )
}


def steps_from(state: CaseState, *, has_unit: bool = True) -> list[Step]:
    """Which verbs a screen may offer; the permission still decides.

    Args:
        has_unit: without one, only what the relation side does is possible: a waiting case may have none yet.
    """
    found = [step for step in STEPS.values() if state in step.sources]
    return found if has_unit else [step for step in found if _may_lack_unit(step)]


def _may_lack_unit(step: Step) -> bool:
    if step.verb in {"route", "resume", "reply", "reopen"}:
        return True
    return step.target in MAY_LACK_UNIT and step.verb != "bounce"


def step(verb: str, state: CaseState) -> Step:
    """
    Raises:
        IllegalStep: the verb does not start from this state.
    """
    found = STEPS[verb]
    if state not in found.sources:
        raise IllegalStep(verb=verb, state=state)
    return found


class PublicStep(StrEnum):
    """Where the demand stands, for the resident: four steps and two ends, in plain words on the screens."""

    RECEIVED = "received"
    TRANSMITTED = "transmitted"
    IN_HAND = "in_hand"
    YOUR_TURN = "your_turn"
    PARTNER = "partner"
    ANSWER_COMING = "answer_coming"
    ENDED = "ended"
    REFERRED = "referred"
    CANCELLED = "cancelled"


_PUBLIC = {
    CaseState.REGISTERED: PublicStep.RECEIVED,
    CaseState.ASSIGNED: PublicStep.TRANSMITTED,
    CaseState.IN_PROGRESS: PublicStep.IN_HAND,
    CaseState.SCHEDULED: PublicStep.IN_HAND,
    CaseState.WAITING_REQUESTER: PublicStep.YOUR_TURN,
    CaseState.WAITING_THIRD_PARTY: PublicStep.PARTNER,
    CaseState.RESOLVED: PublicStep.ANSWER_COMING,
    CaseState.CLOSED: PublicStep.ENDED,
    CaseState.CANCELLED: PublicStep.CANCELLED,
}


def public_step(state: CaseState, outcome: str | None) -> PublicStep:
    if state is CaseState.CLOSED and outcome == "T":
        return PublicStep.REFERRED
    return _PUBLIC[state]
