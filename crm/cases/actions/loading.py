"""Take hold of one case to act on it, having asked whether one may."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, allows, require
from crm.cases.events import CaseUrgent
from crm.cases.lifecycle import STEPS, CaseState
from crm.cases.models import Case
from crm.cases.outcomes import NOT_CHOSEN, Outcome
from crm.cases.unanswered import is_unanswered
from crm.contacts import support_needs
from crm.deadlines import URGENT, Adapted
from crm.foundation import Actor, Conflict, Invalid, NotAllowed, NotFound, UnitOfWork
from crm.interactions import exchanges
from crm.staff import is_in_use


def hold(uow: UnitOfWork, reference: str, right: Permission) -> Case:
    """Lock the row: whoever else wants to act on this case waits for our commit.

    The right is asked before version and state are looked at: a stranger learns nothing from a refusal.

    Raises:
        NotFound: no such case, or out of the actor's reach.
        NotAllowed: within reach, but not this act.
    """
    case = uow.session.scalar(sa.select(Case).where(Case.reference == reference).with_for_update())
    if case is None:
        raise NotFound(reference=reference)
    require(uow.actor, right, case)
    return case


def hold_for(uow: UnitOfWork, reference: str, verb: str) -> Case:
    """`hold` with the permission of a verb of the lifecycle."""
    return hold(uow, reference, STEPS[verb].permission)


def check_outcome(uow: UnitOfWork, case: Case, outcome: Outcome, adapted: Adapted) -> None:
    """
    Args:
        adapted: the time given to a usager who said what support they need.

    Raises:
        Invalid: it has a verb of its own, or says that a usager did not reply who was not asked.
    """
    if outcome in NOT_CHOSEN:
        raise Invalid({"outcome": "unknown"})
    if outcome is Outcome.NO_REPLY and not _is_unanswered(uow, case, adapted):
        raise Invalid({"outcome": "not_asked"})


def _is_unanswered(uow: UnitOfWork, case: Case, adapted: Adapted) -> bool:
    needs = bool(case.contact_id and support_needs(uow.session, case.contact_id))
    return is_unanswered(exchanges(uow.session, case.id), uow.now, adapted, needs=needs)


MOST_RETURNS = 2  # times a case may come back, from units and from bodies, before one person decides


def may_send(actor: Actor, case: Case) -> bool:
    """Nobody plays ping-pong with a usager: what came back twice is for a coordinator."""
    return case.bounce_count < MOST_RETURNS or allows(actor, Permission.CASE_COORDINATE, case)


def require_coordinator(uow: UnitOfWork, case: Case) -> None:
    """
    Raises:
        NotAllowed: it came back too often for this actor to send it anywhere.
    """
    if not may_send(uow.actor, case):
        raise NotAllowed(permission=Permission.CASE_COORDINATE)


_COMES_BACK = frozenset({"reopen", "unmerge"})
_LEAVES = frozenset({"route", "bounce"})


def take_step(uow: UnitOfWork, case: Case, verb: str, seen_version: int) -> CaseState:
    """Move the case; returns the state it left. Raises Conflict or IllegalStep.

    What comes back where nobody works any more is nobody's yet: « À qualifier ».
    """
    if verb in _COMES_BACK and case.unit_id is not None and not is_in_use(uow.session, case.unit_id):
        case.unit_id = case.responsible_insee = None
    left = case.move(verb, seen_version)
    if verb in _LEAVES:
        case.planned_on = case.planned_minutes = None  # the day and the time of those who had it
    case.updated_at = uow.now
    if verb in _COMES_BACK | _LEAVES and case.priority == URGENT:
        uow.record(CaseUrgent(subject_id=case.id))  # it is in other hands, or in nobody's
    return left


def same_version(case: Case, seen_version: int) -> None:
    """
    Raises:
        Conflict: the case changed since the actor saw it.
    """
    if case.version != seen_version:
        raise Conflict(seen=seen_version, current=case.version)
