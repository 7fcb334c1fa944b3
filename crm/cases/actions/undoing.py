"""Take back a message that has not left, and the step that came with it: two facts, done and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.actions.loading import hold
from crm.cases.events import CaseTakenBack
from crm.cases.lifecycle import STEPS, CaseState
from crm.cases.models import Case
from crm.cases.orders.counting import restore_orders
from crm.cases.together.ending import restore_incident
from crm.foundation import Conflict, EventRow, NotAllowed, NotFound, UnitOfWork
from crm.interactions import cancel_held

_VERBS = {"case.closed": "close", "case.asked": "ask"}


@dataclass(frozen=True, slots=True)
class Undone:
    """Args:
    at: when the act had been done.
    """

    case_id: int
    verb: str
    at: datetime


def undo_act(uow: UnitOfWork, reference: str, interaction_id: int) -> Undone:
    """Bring the case back to where it was before the message. Its author alone, while it is held.

    Raises:
        NotFound: no such message of this case.
        NotAllowed: somebody else wrote it.
        Conflict: it left, or the case has moved on since.
    """
    case = hold(uow, reference, Permission.CASE_VIEW)
    fact = _fact(uow, case.id, interaction_id)
    verb = _VERBS[fact.kind]
    require(uow.actor, STEPS[verb].permission, case)
    if (fact.actor_kind, fact.actor_id) != (uow.actor.kind, uow.actor.id):
        raise NotAllowed(why="not_the_author")
    if case.state != STEPS[verb].target or case.updated_at != fact.at:
        raise Conflict(why="moved_on")
    if not cancel_held(uow, case, case.id, interaction_id, words_id=fact.data.get("told_id")):
        raise Conflict(why="left")
    _restore(case, fact)
    restore_orders(uow, case, fact.at)
    restore_incident(uow, case, fact.at)
    case.updated_at = uow.now
    uow.record(CaseTakenBack(subject_id=case.id, interaction_id=interaction_id))
    return Undone(case.id, verb, fact.at)


def _fact(uow: UnitOfWork, case_id: int, interaction_id: int) -> EventRow:
    query = sa.select(EventRow).where(
        EventRow.subject_kind == "case",
        EventRow.subject_id == case_id,
        EventRow.kind.in_(_VERBS),
        EventRow.data["interaction_id"].as_integer() == interaction_id,
    )
    fact = uow.session.scalars(query).one_or_none()
    if fact is None:
        raise NotFound(interaction=interaction_id)
    return fact


def _restore(case: Case, fact: EventRow) -> None:
    case.state = CaseState(fact.data["left_state"])
    if fact.kind == "case.closed":
        contested = fact.data.get("left_contested_at")
        case.outcome = fact.data.get("left_outcome")
        case.contested_at = datetime.fromisoformat(contested) if contested else None
        case.closed_at = case.answered_at = case.no_answer_reason = None
