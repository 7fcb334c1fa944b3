"""What the relation side does: entrust by hand, ask, answer and close, take back, correct."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm.access import Permission
from crm.cases.actions.loading import hold, hold_for, same_version, take_step
from crm.cases.actions.opening import as_kept
from crm.cases.assessment import Assessment, Place, Rulebook, Said, assess, due_at
from crm.cases.events import (
    CaseAsked,
    CaseCancelled,
    CaseClosed,
    CaseEdited,
    CaseReopened,
    CaseRouted,
    CaseUnroutable,
    ContactRevealed,
)
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.outcomes import NOT_CHOSEN, NoAnswerReason, Outcome, ReopenReason
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions import Message, add_note, cancel_messages, queue_message


def route_case(
    uow: UnitOfWork, book: Rulebook, reference: str, *, unit_id: int, motive: str, seen_version: int
) -> Case:
    """Entrust a unit by hand, saying why.

    Raises:
        Invalid: no motive, unit unknown or no longer active.
    """
    case = hold_for(uow, reference, "route")
    unit = book.units.get(unit_id)
    if unit is None or not unit.is_active:
        raise Invalid({"unit_id": "unknown"})
    note = _needed(motive, "motive")
    left, case.unit_id, case.responsible_insee = case.unit_id, unit_id, unit.insee
    case.accepted_by_id = None
    take_step(uow, case, "route", seen_version)
    note_id = add_note(uow, case, case.id, note, kind="routing")
    uow.record(CaseRouted(subject_id=case.id, unit_id=unit_id, from_unit_id=left, interaction_id=note_id))
    return case


def ask_requester(uow: UnitOfWork, reference: str, *, message: Message, seen_version: int) -> Case:
    """Write to the usager and wait for their answer. There is no waiting without a message.

    Raises:
        Invalid: an empty question.
    """
    case = hold_for(uow, reference, "ask")
    _needed(message.body, "question")
    take_step(uow, case, "ask", seen_version)
    message_id = queue_message(uow, case, case.id, message)
    uow.record(CaseAsked(subject_id=case.id, interaction_id=message_id))
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a case ends: an answer to send, or the reason why nobody can be answered."""

    outcome: Outcome
    answer: Message | None = None
    no_answer_reason: NoAnswerReason | None = None


def close_case(uow: UnitOfWork, reference: str, *, ending: Ending, seen_version: int) -> Case:
    """Answer the usager and close.

    Raises:
        Invalid: neither an answer nor a reason why none is possible; an outcome that has its own verb.
    """
    case = hold_for(uow, reference, "close")
    if ending.outcome in NOT_CHOSEN:
        raise Invalid({"outcome": "unknown"})
    if ending.answer is None and ending.no_answer_reason is None:
        raise Invalid({"body": "answer_or_reason"})
    if ending.answer is not None:
        _needed(ending.answer.body, "body")
    take_step(uow, case, "close", seen_version)
    case.outcome, case.closed_at, case.contested_at = ending.outcome, uow.now, None
    case.answered_at = uow.now if ending.answer else None
    case.no_answer_reason = None if ending.answer else ending.no_answer_reason
    message_id = queue_message(uow, case, case.id, ending.answer) if ending.answer else None
    uow.record(
        CaseClosed(
            subject_id=case.id,
            outcome=ending.outcome,
            interaction_id=message_id,
            no_answer_reason=case.no_answer_reason,
        )
    )
    return case


def cancel_case(uow: UnitOfWork, reference: str, *, reason: str, seen_version: int) -> Case:
    """The usager takes the demand back, or it was entered by mistake: nobody writes or calls any more."""
    case = hold_for(uow, reference, "cancel")
    note = _needed(reason, "reason")
    take_step(uow, case, "cancel", seen_version)
    case.outcome, case.closed_at, case.contested_at = Outcome.WITHDRAWN, uow.now, None
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
    take_step(uow, case, "reopen", seen_version)
    start_again(uow, book, case)
    note_id = add_note(uow, case, case.id, note, kind="reopening")
    uow.record(CaseReopened(subject_id=case.id, reason=reason, interaction_id=note_id))
    return case


def start_again(uow: UnitOfWork, book: Rulebook, case: Case) -> None:
    """A new internal clock from now; what was announced first stands."""
    category = book.catalogue.category(case.category_code) if case.category_code else None
    case.due_at = due_at(book, category, uow.now, case.priority)
    case.closed_at = case.answered_at = case.resolved_at = case.outcome = case.no_answer_reason = None
    case.planned_on = case.accepted_by_id = None
    case.reopen_count += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an agent corrects; a field left None stays as it is."""

    object: str | None = None
    category_code: str | None = None
    answers: dict[str, str] | None = None
    place: Place | None = None
    place_hint: str | None = None
    priority: int | None = None
    note: str = field(default="")


def edit_case(
    uow: UnitOfWork, book: Rulebook, reference: str, *, correction: Correction, seen_version: int
) -> Case:
    """Correct a case. A new category or place asks the decision table again.

    Raises:
        Conflict: somebody else saved it first.
        Invalid: an unknown category, an emptied object, a priority lowered without a motive.
    """
    case = hold(uow, reference, Permission.CASE_EDIT)
    same_version(case, seen_version)
    _check(book, case, correction)
    changes = _apply(case, correction)
    if not changes:
        return case
    case.updated_at = uow.now
    if correction.note.strip():
        add_note(uow, case, case.id, clean(correction.note))
    found = None
    inside = correction.place is None or correction.place.inside
    if {"category_code", "insee", "road_owner", "sector_code"} & changes.keys() or not inside:
        found = _decide_again(book, case, changes, inside=inside)
    uow.record(CaseEdited(subject_id=case.id, changes=changes))
    if found and found.decision.unit_id != case.unit_id:
        _entrust(uow, book, case, found)
    return case


def _check(book: Rulebook, case: Case, correction: Correction) -> None:
    wrong: dict[str, str] = {}
    if correction.category_code and book.catalogue.category(correction.category_code) is None:
        wrong["category"] = "unknown"
    if correction.object is not None and not clean(correction.object):
        wrong["object"] = "required"
    lowered = correction.priority is not None and correction.priority > case.priority
    if lowered and not correction.note.strip():
        wrong["note"] = "motive_to_lower"
    if wrong:
        raise Invalid(wrong)


_PLACE_COLUMNS = ("insee", "sector_code", "street_id", "address_id", "road_owner", "postcode", "lon", "lat")
# Said to have changed, without their values: a fact holds codes, not words nor the point of somebody's door.
_UNTOLD = frozenset({"object", "place_label", "place_hint", "answers", "lon", "lat"})


def _apply(case: Case, correction: Correction) -> dict[str, list[Any]]:
    """Set what differs; returns old and new values, of codes only."""
    wanted: dict[str, Any] = {
        "object": clean(correction.object) if correction.object is not None else None,
        "category_code": correction.category_code,
        "answers": correction.answers,
        "place_hint": clean(correction.place_hint) if correction.place_hint is not None else None,
        "priority": correction.priority,
    }
    if place := correction.place:
        wanted |= {name: getattr(place, name) for name in _PLACE_COLUMNS}
        wanted |= {"place_label": place.label, "place_precision": place.precision}
    moved = _PLACE_COLUMNS if correction.place else ()
    changes: dict[str, list[Any]] = {}
    for name, value in wanted.items():
        old = getattr(case, name)
        if (value is None and name not in moved) or value == old:
            continue
        setattr(case, name, value)
        changes[name] = [] if name in _UNTOLD else [old, value]
    return changes


def _decide_again(
    book: Rulebook, case: Case, changes: dict[str, list[Any]], *, inside: bool
) -> Assessment | None:
    """A case still to be worked on follows its new category and place; the announced date stays.

    What follows from them is added to `changes`. None when nothing is to be decided any more.
    """
    state = CaseState(case.state)
    if state not in {CaseState.REGISTERED, CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.SCHEDULED}:
        return None
    found = assess(book, _said_of(case, inside=inside))
    case.routing = as_kept(found.decision)
    if found.priority < case.priority:
        changes["priority"] = [changes.get("priority", [case.priority])[0], found.priority]
        case.priority = found.priority
    if found.due_at != case.due_at:
        changes["due_at"] = [case.due_at.isoformat(), found.due_at.isoformat()]
        case.due_at = found.due_at
    return found


def _entrust(uow: UnitOfWork, book: Rulebook, case: Case, found: Assessment) -> None:
    decision, left = found.decision, case.unit_id
    unit = book.units.get(decision.unit_id) if decision.unit_id is not None else None
    case.unit_id, case.responsible_insee = (unit.id, unit.insee) if unit else (None, None)
    case.accepted_by_id = None
    case.state = CaseState.ASSIGNED if unit else CaseState.REGISTERED
    if unit is None:
        reason = decision.qualify_reason or "not_ours"  # somebody must tell the usager whom to ask
        uow.record(CaseUnroutable(subject_id=case.id, reason=reason, category=case.category_code))
        return
    uow.record(
        CaseRouted(
            subject_id=case.id,
            unit_id=unit.id,
            from_unit_id=left,
            rule_id=decision.rule_id,
            table_version=decision.table_version,
        )
    )


def _said_of(case: Case, *, inside: bool) -> Said:
    return Said(
        category_code=case.category_code,
        object=case.object,
        answers=case.answers,
        place=Place(
            insee=case.insee,
            sector_code=case.sector_code,
            road_owner=case.road_owner,
            label=case.place_label,
            inside=inside,
        ),
        channel=case.channel,
        received_at=case.received_at,
    )


def reveal_contact(uow: UnitOfWork, reference: str) -> int | None:
    """Show the usager's details to an agent whose role sees them masked, and remember that it was asked."""
    case = hold(uow, reference, Permission.CONTACT_REVEAL)
    if case.contact_id is not None:
        uow.record(ContactRevealed(subject_id=case.id, contact_id=case.contact_id))
    return case.contact_id


def note_on_case(uow: UnitOfWork, reference: str, text: str) -> None:
    """Keep an internal note. It can never be sent."""
    case = hold(uow, reference, Permission.CASE_NOTE)
    add_note(uow, case, case.id, _needed(text, "text"))


def _needed(text: str, name: str) -> str:
    kept = clean(text)
    if not kept:
        raise Invalid({name: "required"})
    return kept
