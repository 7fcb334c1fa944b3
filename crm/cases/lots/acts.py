"""The acts that many demands may take at once; why one of them was refused, as a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crm.cases.actions.leading_work import entrust_colleague
from crm.cases.actions.unit_work import accept_case, plan_case
from crm.cases.reference import Mistyped, parse_reference
from crm.cases.sheets import CaseSheet, one_case
from crm.foundation import Conflict, CrmError, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork

Told = Mapping[str, Any]
DONE = "done"
_IN_HAND = frozenset({"in_progress", "scheduled"})


def _accept(uow: UnitOfWork, case: CaseSheet, told: Told) -> object:
    return accept_case(uow, case.reference, seen_version=case.version)


def _plan(uow: UnitOfWork, case: CaseSheet, told: Told) -> object:
    day = date.fromisoformat(told["planned_on"])
    return plan_case(uow, case.reference, planned_on=day, seen_version=case.version)


def _entrust(uow: UnitOfWork, case: CaseSheet, told: Told) -> object:
    return entrust_colleague(uow, case.reference, agent_id=told["agent_id"], seen_version=case.version)


_ACTS: Mapping[str, Callable[[UnitOfWork, CaseSheet, Told], object]] = {
    "accept": _accept,
    "plan": _plan,
    "entrust": _entrust,
}
LOT_ACTS = tuple(_ACTS)


def lot_needs(act: str, told: Told) -> dict[str, Any]:
    """What the act needs, and nothing else.

    Raises:
        Invalid: it is missing or makes no sense; not one of LOT_ACTS.
    """
    if act not in _ACTS:
        raise Invalid({"act": "unknown"})
    if act == "plan":
        return {"planned_on": _day(str(told.get("planned_on") or "").strip())}
    if act == "entrust":
        if not isinstance(told.get("agent_id"), int):
            raise Invalid({"agent_id": "unknown"})
        return {"agent_id": told["agent_id"]}
    return {}


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None


def act_on_one(uow: UnitOfWork, act: str, told: Told, typed: str) -> None:
    """The act on one demand, as its own page does it: the right is asked by the act.

    Raises:
        CrmError: whatever the act refuses; `refused_for` has its code.
    """
    case = one_case(uow.session, uow.actor, parse_reference(typed))
    _ACTS[act](uow, case, told)


def refused_for(refusal: CrmError) -> str:
    """`out_of_reach`, `not_allowed`, `changed`, `taken`, `state:closed`, `reason:past`…"""
    if isinstance(refusal, Mistyped | NotFound):
        return "out_of_reach"
    if isinstance(refusal, NotAllowed):
        return "not_allowed"
    if isinstance(refusal, Conflict):
        return "changed"
    if isinstance(refusal, IllegalStep):
        state = str(refusal.details.get("state", ""))
        return "taken" if state in _IN_HAND else f"state:{state}"
    if isinstance(refusal, Invalid):
        return f"reason:{next(iter(refusal.fields.values()), '')}"
    raise refusal
