"""The one way for a case to end, whoever ends it and why."""

from __future__ import annotations

from crm.cases.actions.loading import take_step
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.orders.counting import drop_orders
from crm.cases.outcomes import Outcome
from crm.cases.together.ending import end_with_case
from crm.foundation import UnitOfWork


def end_case(
    uow: UnitOfWork,
    case: Case,
    verb: str,
    outcome: Outcome,
    seen_version: int,
    *,
    duplicate_of_id: int | None = None,
) -> CaseState:
    """What was still to be done for it is withdrawn, and nobody says its incident any more.

    Returns the state it left. Raises Conflict or IllegalStep.
    """
    left = take_step(uow, case, verb, seen_version)
    case.outcome, case.closed_at, case.contested_at = outcome, uow.now, None
    case.duplicate_of_id = duplicate_of_id
    drop_orders(uow, case)
    end_with_case(uow, case)
    return left
