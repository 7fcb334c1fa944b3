"""Correct a case: a new category or place asks the decision table again, and the case follows."""

from __future__ import annotations

from typing import Any

from crm.access import Permission
from crm.cases.actions.loading import hold, may_send, same_version
from crm.cases.actions.opening import as_kept
from crm.cases.actions.recategorizing import (
    FOLLOWS,
    Correction,
    assess_again,
    body_to_tell,
    opens_to_all,
    said_of,
)
from crm.cases.assessment import Assessment, Rulebook
from crm.cases.events import CaseEdited, CaseRouted, CaseUnroutable, CaseUrgent
from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.models import Case
from crm.cases.orders.counting import move_orders
from crm.cases.together.grid import cell_of
from crm.deadlines import URGENT
from crm.foundation import Invalid, UnitOfWork, clean
from crm.interactions import add_note
from crm.staff import is_in_use


def edit_case(
    uow: UnitOfWork, book: Rulebook, reference: str, *, correction: Correction, seen_version: int
) -> Case:
    """Correct a case. A new category or place asks the decision table again.

    Raises:
        Conflict: somebody else saved it first.
        Invalid: an unknown category, an emptied object, a priority lowered without a motive, a private matter
            opened to anybody without saying that one knows it.
    """
    case = hold(uow, reference, Permission.CASE_EDIT)
    same_version(case, seen_version)
    _check(book, case, correction)
    opens = _opens(book, case, correction)
    changes = _apply(case, correction)
    if not changes:
        return case
    case.updated_at = uow.now
    if "insee" in changes:
        move_orders(uow, case)
    if correction.note.strip():
        add_note(uow, case, case.id, clean(correction.note))
    found = None
    inside = correction.place is None or correction.place.inside
    if {"category_code", "insee", "road_owner", "sector_code"} & changes.keys() or not inside:
        found = _decide_again(uow, book, case, changes, inside=inside)
    uow.record(CaseEdited(subject_id=case.id, changes=changes, opens_to_all=opens))
    moves = found is not None and found.decision.unit_id != case.unit_id
    if case.priority == URGENT and ("priority" in changes or moves) and CaseState(case.state) not in ENDED:
        uow.record(CaseUrgent(subject_id=case.id))
    if found and (moves or body_to_tell(case)):
        _entrust(uow, book, case, found)
    return case


def _check(book: Rulebook, case: Case, correction: Correction) -> None:
    wrong: dict[str, str] = {}
    if correction.category_code and book.catalogue.category(correction.category_code) is None:
        wrong["category"] = "unknown"
    if correction.object is not None and not clean(correction.object):
        wrong["object"] = "required"
    lowered = correction.priority is not None and correction.priority > case.priority
    if _opens(book, case, correction) and not correction.opening_confirmed:
        wrong["confirmed"] = "confirm_opening"
    if lowered and not correction.note.strip():
        wrong["note"] = "motive_to_lower"
    if wrong:
        raise Invalid(wrong)


def _opens(book: Rulebook, case: Case, correction: Correction) -> bool:
    code = correction.category_code
    category = book.catalogue.category(code) if code and code != case.category_code else None
    return category is not None and opens_to_all(book, case, category)


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
    if correction.place:
        case.cell = cell_of(case.lon, case.lat, case.insee)
    return changes


def _decide_again(
    uow: UnitOfWork, book: Rulebook, case: Case, changes: dict[str, list[Any]], *, inside: bool
) -> Assessment | None:
    """A case still to be worked on follows its new category and place; the announced date stays.

    What follows from them is added to `changes`. None when nothing is to be decided any more, or when a
    coordinator decides: it came back too often for this actor to send it anywhere.
    """
    if CaseState(case.state) not in FOLLOWS:
        return None
    found = assess_again(book, said_of(case, inside=inside))
    to = found.decision.unit_id
    if to is not None and to != case.unit_id and not is_in_use(uow.session, to):
        return _decide_again(uow, book.knowing_closed(to), case, changes, inside=inside)
    if sooner := found.priority < case.priority:
        changes["priority"] = [changes.get("priority", [case.priority])[0], found.priority]
        case.priority = found.priority
    if found.due_at != case.due_at and (sooner or "category_code" in changes):
        changes["due_at"] = [case.due_at.isoformat(), found.due_at.isoformat()]
        case.due_at = found.due_at
    if to != case.unit_id and not may_send(uow.actor, case):
        return None
    case.routing = as_kept(found.decision)
    return found


def _entrust(uow: UnitOfWork, book: Rulebook, case: Case, found: Assessment) -> None:
    decision, left = found.decision, case.unit_id
    unit = book.units.get(decision.unit_id) if decision.unit_id is not None else None
    case.unit_id, case.responsible_insee = (unit.id, unit.insee) if unit else (None, None)
    case.accepted_by_id = case.planned_on = case.planned_minutes = None
    case.state = CaseState.ASSIGNED if unit else CaseState.REGISTERED
    if unit is None:
        reason = decision.qualify_reason or "not_ours"  # somebody must tell the usager whom to ask
        category, body = case.category_code, body_to_tell(case)
        uow.record(CaseUnroutable(subject_id=case.id, reason=reason, category=category, unit_id=body))
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
