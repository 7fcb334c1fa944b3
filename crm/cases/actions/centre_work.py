"""What the relation side does: entrust by hand, ask, answer and close, take back, correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.access import Permission
from crm.cases.actions.ending import end_case
from crm.cases.actions.loading import check_outcome, hold, hold_for, require_coordinator, take_step
from crm.cases.assessment import Rulebook, due_at
from crm.cases.events import (
    CaseAsked,
    CaseCancelled,
    CaseClosed,
    CaseReopened,
    CaseRouted,
    ContactRevealed,
)
from crm.cases.models import Case
from crm.cases.outcomes import NoAnswerReason, Outcome, ReopenReason
from crm.cases.together.watching import part
from crm.contacts import keep_reading
from crm.deadlines import ADAPTED, Adapted, PauseReason
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions import (
    Direction,
    Message,
    add_note,
    cancel_messages,
    queue_message,
    record_interaction,
)
from crm.routing import OUTSIDE
from crm.staff import is_in_use


def route_case(
    uow: UnitOfWork, book: Rulebook, reference: str, *, unit_id: int, motive: str, seen_version: int
) -> Case:
    """Entrust a unit by hand, saying why.

    Raises:
        Invalid: no motive, unit unknown or no longer active, or another body: one transmits to those.
    """
    case = hold_for(uow, reference, "route")
    require_coordinator(uow, case)
    unit = book.units.get(unit_id)
    if unit is None or not (unit.is_active and is_in_use(uow.session, unit_id)):
        raise Invalid({"unit_id": "unknown"})
    if unit.operation == OUTSIDE:
        raise Invalid({"unit_id": "another_body"})
    note = _needed(motive, "motive")
    left, case.unit_id, case.responsible_insee = case.unit_id, unit_id, unit.insee
    case.accepted_by_id = None
    take_step(uow, case, "route", seen_version)
    note_id = add_note(uow, case, case.id, note, kind="routing")
    uow.record(CaseRouted(subject_id=case.id, unit_id=unit_id, from_unit_id=left, interaction_id=note_id))
    return case


def ask_requester(
    uow: UnitOfWork,
    reference: str,
    *,
    message: Message,
    seen_version: int,
    reason: PauseReason = PauseReason.PRECISION,
) -> Case:
    """Write to the usager and wait for their answer. There is no waiting without a message.

    Args:
        reason: what only they can give; our delay stands still from the moment the message leaves.

    Raises:
        Invalid: an empty question.
    """
    case = hold_for(uow, reference, "ask")
    _needed(message.body, "question")
    left = take_step(uow, case, "ask", seen_version)
    message_id = queue_message(uow, case, case.id, message)
    uow.record(
        CaseAsked(subject_id=case.id, interaction_id=message_id, left_state=left, reason=reason),
        due_in=timedelta(seconds=message.held_seconds),
    )
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a case ends: an answer to send, or the reason why nobody can be answered.

    Args:
        to_followers: what those who follow read, each on their own channel.
        channel_motive: why the answer leaves otherwise than its usager asked.
    """

    outcome: Outcome
    answer: Message | None = None
    no_answer_reason: NoAnswerReason | None = None
    to_followers: str = ""
    channel_motive: str = ""


def close_case(
    uow: UnitOfWork, reference: str, *, ending: Ending, seen_version: int, adapted: Adapted = ADAPTED
) -> Case:
    """Answer the usager and close.

    Args:
        adapted: the time given to a usager who said what support they need.

    Raises:
        Invalid: neither an answer nor a reason why none is possible; an outcome not true of this case.
    """
    case = hold_for(uow, reference, "close")
    check_outcome(uow, case, ending.outcome, adapted)
    if ending.answer is None and ending.no_answer_reason is None:
        raise Invalid({"body": "answer_or_reason"})
    if ending.answer is not None:
        _needed(ending.answer.body, "body")
    case.answered_at = uow.now if ending.answer else None
    case.no_answer_reason = None if ending.answer else ending.no_answer_reason
    before = {
        "left_outcome": case.outcome,
        "left_contested_at": case.contested_at.isoformat() if case.contested_at else None,
        "left_state": str(end_case(uow, case, "close", ending.outcome, seen_version)),
    }
    message_id = queue_message(uow, case, case.id, ending.answer) if ending.answer else None
    if clean(ending.channel_motive):
        add_note(uow, case, case.id, ending.channel_motive, kind="channel_motive")
    told = clean(ending.to_followers)
    uow.record(
        CaseClosed(
            subject_id=case.id,
            outcome=ending.outcome,
            interaction_id=message_id,
            no_answer_reason=case.no_answer_reason,
            told_id=_tell_followers(uow, case, told) if told else None,
            **before,
        ),
        due_in=timedelta(seconds=ending.answer.held_seconds if ending.answer else 0),
    )
    return case


def _tell_followers(uow: UnitOfWork, case: Case, told: str) -> int:
    """The same words for all of them; what carries them to each is a message of their own."""
    return record_interaction(
        uow,
        case,
        case.id,
        channel="internal",
        kind="to_followers",
        direction=Direction.OUT,
        body=told,
        is_public=False,
    )


def cancel_case(uow: UnitOfWork, reference: str, *, reason: str, seen_version: int) -> Case:
    """The usager takes the demand back, or it was entered by mistake: nobody writes or calls any more.

    Raises:
        Invalid: no motive; or others follow it, for whom the problem is still there (docs/duplicates.md).
    """
    case = hold_for(uow, reference, "cancel")
    note = _needed(reason, "reason")
    if case.follower_count:
        raise Invalid({"reason": "others_follow"})
    end_case(uow, case, "cancel", Outcome.WITHDRAWN, seen_version)
    cancel_messages(uow, case, case.id)
    note_id = add_note(uow, case, case.id, note, kind="cancel")
    uow.record(CaseCancelled(subject_id=case.id, interaction_id=note_id))
    return case


def reopen_case(
    uow: UnitOfWork, book: Rulebook, reference: str, *, reason: ReopenReason, motive: str, seen_version: int
) -> Case:
    """Open again, for an agent who gives the motive. The first announced date is still the one judged."""
    case = hold_for(uow, reference, "reopen")
    note = _needed(motive, "motive")
    start_again(uow, book, case, seen_version)
    note_id = add_note(uow, case, case.id, note, kind="reopening")
    uow.record(CaseReopened(subject_id=case.id, reason=reason, interaction_id=note_id))
    return case


def start_again(uow: UnitOfWork, book: Rulebook, case: Case, seen_version: int) -> None:
    """Open again, with a new internal clock from now; what was announced first stands.

    What another body had is nobody's yet: « À qualifier ».
    """
    if case.outcome == Outcome.TRANSMITTED:
        case.unit_id = case.responsible_insee = None
    take_step(uow, case, "reopen", seen_version)
    category = book.catalogue.category(case.category_code) if case.category_code else None
    case.due_at = due_at(book, category, uow.now, case.priority)
    case.closed_at = case.answered_at = case.resolved_at = case.outcome = case.no_answer_reason = None
    case.planned_on = case.accepted_by_id = None
    case.reopen_count += 1
    part(uow, case)


def reveal_contact(uow: UnitOfWork, reference: str) -> int | None:
    """Show the usager's details to an agent whose role sees them masked, and remember that it was asked."""
    case = hold(uow, reference, Permission.CONTACT_REVEAL)
    if case.contact_id is not None:
        keep_reading(uow, case.contact_id, "case")
        uow.record(ContactRevealed(subject_id=case.id, contact_id=case.contact_id))
    return case.contact_id


def note_on_case(uow: UnitOfWork, reference: str, text: str) -> int:
    """Keep an internal note. It can never be sent. Returns its id."""
    case = hold(uow, reference, Permission.CASE_NOTE)
    return add_note(uow, case, case.id, _needed(text, "text"))


def _needed(text: str, name: str) -> str:
    kept = clean(text)
    if not kept:
        raise Invalid({name: "required"})
    return kept
