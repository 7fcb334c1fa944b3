"""Finer states than open and closed, in the words of mySociety's extension."""

from __future__ import annotations

from crm.cases import CaseState, Outcome

_OF_STATE = {
    CaseState.REGISTERED: "for_triage",
    CaseState.ASSIGNED: "open",
    CaseState.IN_PROGRESS: "in_progress",
    CaseState.SCHEDULED: "action_scheduled",
    CaseState.WAITING_REQUESTER: "investigating",
    CaseState.WAITING_THIRD_PARTY: "in_progress",
    CaseState.RESOLVED: "in_progress",  # what was done is told with the answer, not before it
    CaseState.CANCELLED: "closed",
}
_OF_OUTCOME = {
    Outcome.DONE: "fixed",
    Outcome.PLANNED: "planned",
    Outcome.TRANSMITTED: "not_councils_responsibility",
    Outcome.ATTACHED: "duplicate",
    Outcome.REFUSED: "no_further_action",
    Outcome.NOTHING_FOUND: "no_further_action",
    Outcome.NO_REPLY: "no_further_action",
}
# What each fact that anybody may know made of the case; None: the outcome says.
OF_FACT: dict[str, str | None] = {
    "case.opened": "open",
    "case.routed": "open",
    "case.refused": "not_councils_responsibility",
    "case.referred": "not_councils_responsibility",
    "case.accepted": "investigating",
    "case.planned": "action_scheduled",
    "case.secured": "action_scheduled",
    "case.asked": "investigating",
    "case.awaits_partner": "in_progress",
    "case.resumed": "in_progress",
    "case.on_the_way": "in_progress",
    "case.delayed": "in_progress",
    "case.resolved": "in_progress",
    "case.closed": None,
    "case.cancelled": "closed",
    "case.reopened": "reopen",
    "case.merged": "duplicate",
    "case.unmerged": "open",
}
_ENDS = frozenset({"case.refused", "case.referred", "case.closed", "case.cancelled", "case.merged"})


def finer(state: CaseState, outcome: str | None) -> str:
    if state is not CaseState.CLOSED:
        return _OF_STATE[state]
    return _of_outcome(outcome)


def of_fact(kind: str, outcome: str | None, *, extended: bool) -> str:
    if not extended:
        return "closed" if kind in _ENDS else "open"
    return OF_FACT[kind] or _of_outcome(outcome)


def _of_outcome(outcome: str | None) -> str:
    return _OF_OUTCOME.get(Outcome(outcome), "closed") if outcome else "closed"
