"""What leads a unit's work: to a colleague, more urgent, later than was said. One act, one case."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.actions.field_work import still_to_do
from crm.cases.actions.loading import hold, same_version, take_step
from crm.cases.assessment import Rulebook, due_at
from crm.cases.events import CaseUrgent
from crm.cases.field_events import CaseDelayed, CaseEntrusted, CaseLeft, CaseRaised
from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.models import Case
from crm.deadlines import URGENT
from crm.foundation import PARIS, IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import Message, add_note, queue_message
from crm.staff import team_of

_LONGEST_DELAY_DAYS = 366


def entrust_colleague(uow: UnitOfWork, reference: str, *, agent_id: int, seen_version: int) -> Case:
    """A colleague of the unit follows it from now on. What nobody had taken in charge is so by that.

    Raises:
        Conflict: somebody changed it first.
        Invalid: nobody of that unit.
    """
    case = hold(uow, reference, Permission.CASE_ACCEPT)
    still_to_do(case, "entrust")
    if case.unit_id is None or agent_id not in team_of(uow.session, case.unit_id):
        raise Invalid({"agent_id": "unknown"})
    if case.state == CaseState.ASSIGNED:
        take_step(uow, case, "accept", seen_version)
    else:
        same_version(case, seen_version)
        case.updated_at = uow.now
    case.accepted_by_id = agent_id
    uow.record(CaseEntrusted(subject_id=case.id, agent_id=agent_id))
    return case


def give_cases_to(uow: UnitOfWork, agent_id: int, heir_id: int | None) -> None:
    """What an agent who leaves followed, a colleague of the same unit does; else nobody."""
    require(uow.actor, Permission.STAFF_MANAGE)
    held = sa.select(Case).where(Case.closed_at.is_(None), Case.accepted_by_id == agent_id).order_by(Case.id)
    rows = uow.session.scalars(held.with_for_update()).all()
    units = {case.unit_id for case in rows}
    teams = {unit_id: team_of(uow.session, unit_id) if unit_id else {} for unit_id in units}
    for case in rows:
        case.accepted_by_id = heir_id if heir_id in teams[case.unit_id] else None
        case.updated_at = uow.now
        if case.accepted_by_id is not None:
            uow.record(CaseEntrusted(subject_id=case.id, agent_id=case.accepted_by_id))
        else:
            uow.record(CaseLeft(subject_id=case.id, agent_id=agent_id))
    uow.session.flush()


def raise_priority(
    uow: UnitOfWork, book: Rulebook, reference: str, *, priority: int, seen_version: int
) -> Case:
    """Whoever may write on a case may raise it: the nearest date comes with it, the announced one stays.

    Raises:
        Conflict: somebody changed it first.
        Invalid: not a higher priority; lowering is a correction, with its motive.
    """
    case = hold(uow, reference, Permission.CASE_NOTE)
    same_version(case, seen_version)
    if CaseState(case.state) in ENDED:
        raise IllegalStep(verb="raise", state=case.state)
    if not 1 <= priority < case.priority:
        raise Invalid({"priority": "unknown"})
    before, case.priority = case.priority, priority
    category = book.catalogue.category(case.category_code) if case.category_code else None
    case.due_at = min(case.due_at, due_at(book, category, uow.now, priority))
    case.updated_at = uow.now
    uow.record(CaseRaised(subject_id=case.id, priority=priority, from_priority=before))
    if priority == URGENT:
        uow.record(CaseUrgent(subject_id=case.id))
    return case


def announce_delay(
    uow: UnitOfWork, reference: str, *, due_on: date, motive: str, message: Message | None, seen_version: int
) -> Case:
    """Say that the date will not be kept, why, and the new one. The first date told stays as it was.

    Args:
        message: to the usager; None when there is nobody to tell.

    Raises:
        Conflict: somebody changed it first.
        Invalid: no motive; a day that is past, too far, or no later than the date we work to.
    """
    case = hold(uow, reference, Permission.CASE_ACCEPT)
    same_version(case, seen_version)
    still_to_do(case, "delay")
    why = _needed(motive, "motive")
    before, case.due_at = case.due_at, _later(uow, case, due_on)
    case.updated_at, case.reminder_waiting_since = uow.now, None
    note_id = add_note(uow, case, case.id, why, kind="delay_motive")
    message_id = queue_message(uow, case, case.id, message) if message else None
    uow.record(
        CaseDelayed(
            subject_id=case.id,
            due_on=due_on.isoformat(),
            from_due_on=before.astimezone(PARIS).date().isoformat(),
            interaction_id=message_id or note_id,
            is_told=message_id is not None,
            motive_id=note_id,
        )
    )
    return case


def _later(uow: UnitOfWork, case: Case, day: date) -> datetime:
    """The end of that day's service."""
    today = uow.now.astimezone(PARIS).date()
    if day < today:
        raise Invalid({"due_on": "past"})
    if (day - today).days > _LONGEST_DELAY_DAYS:
        raise Invalid({"due_on": "too_far_away"})
    if day <= case.due_at.astimezone(PARIS).date():
        raise Invalid({"due_on": "not_later"})
    return datetime.combine(day, case.due_at.astimezone(PARIS).timetz(), tzinfo=PARIS)


def _needed(text: str, name: str) -> str:
    kept = clean(text)
    if not kept:
        raise Invalid({name: "required"})
    return kept
