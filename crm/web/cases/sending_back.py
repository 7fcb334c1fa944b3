"""« Renvoyer au centre »: whose it is, by the table, by the past, or in the eyes of whoever sends it back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, CaseState, usual_units
from crm.cases.usual_units import MOVES
from crm.http import wiring
from crm.reporting import facts_of_case
from crm.routing import decide
from crm.trail import TrailEntry


def right_unit(session: Session, case: CaseSheet) -> int | None:
    """Another unit than the one that has it: by today's table, else where most of those like it went. One
    statement at most.
    """
    book = wiring().rulebooks.current()
    said = decide(facts_of_case(book.catalogue, case), book.table, book.units)
    others = {card.id for card in book.units.values() if card.is_active and card.id != case.unit_id}
    if said.unit_id in others:
        return said.unit_id
    usual = usual_units(session, [(case.category_code, case.insee)], others)
    found = usual.get((case.category_code or "", case.insee or ""))
    return found.unit_id if found and 2 * found.times > found.out_of else None


def unit_proposed(case: CaseSheet, facts: list[TrailEntry]) -> int | None:
    """Whose it is, in the eyes of the unit that sent it back and that nobody has answered yet."""
    if case.state != CaseState.REGISTERED:
        return None
    moved = [fact for fact in facts if fact.kind in MOVES]
    proposed = moved[-1].data.get("proposed_unit_id") if moved else None
    return int(proposed) if proposed else None
