"""What others are competent for: passed to them, and back to us when they refuse (CRPA L114-2)."""

from __future__ import annotations

from crm.cases.actions.centre_work import start_again
from crm.cases.actions.ending import end_case
from crm.cases.actions.loading import hold_for, require_coordinator
from crm.cases.actions.recategorizing import body_to_tell
from crm.cases.assessment import Rulebook
from crm.cases.events import CaseReferred, CaseReturned
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.outcomes import Outcome
from crm.foundation import IllegalStep, UnitOfWork


def refer_case(
    uow: UnitOfWork,
    reference: str,
    *,
    unit_id: int | None,
    seen_version: int,
    interaction_id: int | None = None,
) -> Case:
    """It ends with us, transmitted: the only way to that outcome. Whom it goes to stands in `crm/guests`.

    Args:
        unit_id: the body, when it is one that we know.
        interaction_id: the note of an agent that says to whom, what and on which basis.
    """
    case = hold_for(uow, reference, "refer")
    require_coordinator(uow, case)
    case.unit_id, case.responsible_insee, case.accepted_by_id = unit_id, None, None
    case.answered_at, case.no_answer_reason = uow.now, None
    end_case(uow, case, "refer", Outcome.TRANSMITTED, seen_version)
    uow.record(CaseReferred(subject_id=case.id, unit_id=unit_id, interaction_id=interaction_id))
    return case


def take_back_referred(uow: UnitOfWork, book: Rulebook, reference: str) -> Case:
    """The body refused: it is ours again, to be entrusted anew.

    Raises:
        IllegalStep: it is no longer with that body.
    """
    case = hold_for(uow, reference, "reopen")
    if (case.state, case.outcome) != (CaseState.CLOSED, Outcome.TRANSMITTED):
        raise IllegalStep(verb="reopen", state=case.state)
    start_again(uow, book, case, case.version)
    if body_to_tell(case):
        case.routing = {**case.routing, "qualify_reason": None}  # not to be proposed there again
    case.bounce_count += 1
    uow.record(CaseReturned(subject_id=case.id))
    return case
