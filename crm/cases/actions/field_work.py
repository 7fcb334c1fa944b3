"""What is said from the ground besides reports: on the way, what is missing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.actions.loading import hold
from crm.cases.calling_lead import call_the_lead
from crm.cases.field_events import CaseNeedsMore, CaseOnTheWay
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case, SentForm
from crm.foundation import IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import add_note


def set_out(uow: UnitOfWork, reference: str) -> Case:
    """Somebody leaves for the place. Nothing moves but what the usager may read."""
    case = hold(uow, reference, Permission.CASE_RESOLVE)
    still_to_do(case, "set_out")
    uow.record(CaseOnTheWay(subject_id=case.id))
    return case


def need_more(uow: UnitOfWork, reference: str, text: str) -> Case:
    """Hand back to the team lead what cannot be done as it stands, saying what is missing.

    Raises:
        Invalid: nothing was written.
    """
    case = hold(uow, reference, Permission.CASE_RESOLVE)
    still_to_do(case, "need_more")
    said = _needed(text, "note")
    note_id = add_note(uow, case, case.id, said, kind="field_need")
    call_the_lead(uow, case)
    uow.record(CaseNeedsMore(subject_id=case.id, interaction_id=note_id))
    return case


def forget_sent_forms(uow: UnitOfWork, before: datetime) -> None:
    """Keys that no telephone will send again."""
    require(uow.actor, Permission.MESSAGE_SEND)
    uow.session.execute(sa.delete(SentForm).where(SentForm.sent_at < before))


def still_to_do(case: Case, verb: str) -> None:
    """
    Raises:
        IllegalStep: the work is done, or nobody is competent yet.
    """
    state = CaseState(case.state)
    if state not in WITH_UNIT:
        raise IllegalStep(verb=verb, state=state)


def _needed(text: str, name: str) -> str:
    kept = clean(text)
    if not kept:
        raise Invalid({name: "required"})
    return kept
