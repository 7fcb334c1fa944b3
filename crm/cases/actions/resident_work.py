"""What the usager does with their own case, from the link of a message or by reference and proof."""

from __future__ import annotations

from datetime import timedelta

from crm.access import Permission
from crm.cases.actions.centre_work import start_again
from crm.cases.actions.loading import hold, hold_for
from crm.cases.assessment import Rulebook
from crm.cases.events import CasePrecised, CaseReopened, CaseReplied
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.outcomes import Outcome, ReopenReason
from crm.foundation import IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import exchanges, record_interaction

_SENT_TWICE = timedelta(minutes=10)


def add_precision(uow: UnitOfWork, reference: str, text: str, *, channel: str = "web") -> Case:
    """The usager adds something. If we were waiting for them, work goes on.

    Raises:
        Invalid: nothing was written.
        IllegalStep: the case has ended; « ce n’est pas fait » opens it again.
    """
    case = hold(uow, reference, Permission.CASE_FOLLOW_UP)
    said = clean(text)
    if not said:
        raise Invalid({"text": "required"})
    state = CaseState(case.state)
    if state in {CaseState.CLOSED, CaseState.CANCELLED}:
        raise IllegalStep(verb="precise", state=state)
    if _just_said(uow, case, said):
        return case
    case.updated_at = uow.now
    interaction_id = record_interaction(
        uow, case, case.id, channel=channel, kind="precision", body=said, contact_id=case.contact_id
    )
    if state is CaseState.WAITING_REQUESTER:
        case.move("reply", case.version)
        if case.accepted_by_id is None and case.unit_id is not None:
            case.state = CaseState.ASSIGNED
        uow.record(CaseReplied(subject_id=case.id, interaction_id=interaction_id))
    else:
        uow.record(CasePrecised(subject_id=case.id, interaction_id=interaction_id))
    return case


def _just_said(uow: UnitOfWork, case: Case, said: str) -> bool:
    """The same words a moment ago are the same form, sent twice. The case is held: nobody comes between."""
    last = exchanges(uow.session, case.id, public_only=True, limit=1)
    if not last or last[0].kind != "precision" or last[0].body != said:
        return False
    return uow.now - last[0].occurred_at < _SENT_TWICE


def contest_case(uow: UnitOfWork, book: Rulebook, reference: str, text: str = "") -> Case:
    """« Ce n’est pas fait »: the usager's word is enough. Saying it twice opens it once.

    Raises:
        IllegalStep: the case was cancelled.
    """
    case = hold_for(uow, reference, "reopen")
    state = CaseState(case.state)
    if case.contested_at is not None and state not in {CaseState.RESOLVED, CaseState.CLOSED}:
        return add_precision(uow, reference, text) if clean(text) else case  # what is said now is kept too
    start_again(uow, book, case, case.version)
    case.contested_at = uow.now
    note_id = None
    if said := clean(text):
        note_id = record_interaction(
            uow, case, case.id, channel="web", kind="precision", body=said, contact_id=case.contact_id
        )
    uow.record(
        CaseReopened(subject_id=case.id, reason=ReopenReason.NOT_DONE, contested=True, interaction_id=note_id)
    )
    return case


_LONGEST_HINT = 500


def give_place_again(uow: UnitOfWork, book: Rulebook, reference: str, text: str) -> Case:
    """Nothing was found there: the usager says where it is, and the same unit goes again.

    Their words come first among what the team reads of the place. Sent twice, it opens the case once.

    Raises:
        Invalid: nothing was written.
        IllegalStep: the case was cancelled.
    """
    case = hold_for(uow, reference, "reopen")
    said = clean(text)
    if not said:
        raise Invalid({"place_again": "required"})
    if case.state not in {CaseState.RESOLVED, CaseState.CLOSED}:
        return add_precision(uow, reference, said)
    if case.outcome != Outcome.NOTHING_FOUND:
        return contest_case(uow, book, reference, said)
    start_again(uow, book, case, case.version)
    case.place_hint = " — ".join(part for part in (said, case.place_hint) if part)[:_LONGEST_HINT]
    said_id = record_interaction(
        uow, case, case.id, channel="web", kind="precision", body=said, contact_id=case.contact_id
    )
    uow.record(CaseReopened(subject_id=case.id, reason=ReopenReason.PLACE_GIVEN, interaction_id=said_id))
    return case
