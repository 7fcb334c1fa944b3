"""What may help to sort an arrival: who it may be, demands it may be about, a category, a place. No proof."""

from __future__ import annotations

from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy.orm import Session

from crm import territory
from crm.cases import (
    FoundCase,
    KnownDemand,
    case_references,
    cases_by_references,
    demands_of_caller,
)
from crm.contacts import ContactHit
from crm.http import wiring
from crm.inbox import ArrivalSheet, places_in, references_in
from crm.web.explaining import category_label
from crm.web.usagers import usagers

_DEMANDS = 5
_READ = 2_000  # characters: enough to know what it is about


@dataclass(frozen=True, slots=True)
class Hints:
    """
    Args:
        contact: the one usager who has this address or number; None for nobody, and for several.
        several: how many have it: a shared number names nobody.
        demands: their last ones.
        mentioned: demands whose reference is written in the words.
        joined: references of the demands it made or joined already.
        address: the place it may speak of.
    """

    contact: ContactHit | None
    several: int
    demands: tuple[KnownDemand, ...]
    mentioned: tuple[FoundCase, ...]
    joined: tuple[str, ...]
    category: str
    category_code: str
    address: territory.AddressHit | None


def hints_of(session: Session, sheet: ArrivalSheet) -> Hints:
    words = f"{sheet.subject}\n{sheet.text}"
    hits = _who(session, sheet.sender)
    contact = hits[0] if len(hits) == 1 else None
    actor = current_user.actor
    demands = demands_of_caller(session, actor, contact.id)[:_DEMANDS] if contact else []
    mentioned = cases_by_references(session, actor, references_in(words)) if sheet.is_to_sort else []
    joined = case_references(session, list(sheet.case_ids), actor)
    category = _category(words) if sheet.is_to_sort else ""
    return Hints(
        contact=contact,
        several=len(hits) if len(hits) > 1 else 0,
        demands=tuple(demands),
        mentioned=tuple(mentioned),
        joined=tuple(joined[one] for one in sheet.case_ids if one in joined),
        category=category_label(category) if category else "",
        category_code=category,
        address=address_in(session, words) if sheet.is_to_sort else None,
    )


def _who(session: Session, sender: str) -> list[ContactHit]:
    """Whoever has exactly this address or number."""
    if not sender:
        return []
    hits = usagers(session, sender, _DEMANDS)
    return [hit for hit in hits if hit.match in {"email", "phone"} and hit.certainty in {"sure", "likely"}]


def _category(words: str) -> str:
    _catalogue, index = wiring().rulebooks.categories()
    return next((found.code for found in index.suggest(words[:_READ], limit=1)), "")


def address_in(session: Session, words: str) -> territory.AddressHit | None:
    """The first of what reads like a place that the territory knows."""
    for typed in places_in(words):
        if hits := territory.search_addresses(session, typed, limit=1):
            return hits[0]
    return None
