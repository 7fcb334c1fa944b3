"""What is already known near a place: the subject, the street, since when, where it stands.

Only what the public map may show; of a private matter, nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from crm.cases import Near, nearby_in_public, public_step, sought
from crm.http import reading, wiring, wording
from crm.http.dates import ago
from crm.intake import resolve_place
from crm.portal.report.checks import asks_place, category_of
from crm.portal.report.draft import Draft
from crm.portal.report.whereabouts import place_given, whereabouts
from crm.portal.words import named, street_of

_MOST = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """One known problem, as anybody may know it."""

    reference: str
    label: str
    street: str
    since: str
    step: str


def known_nearby(draft: Draft) -> list[Proposed]:
    """The likeliest first; empty where the matter is private, or the place is not known."""
    catalogue = wiring().rulebooks.categories()[0]
    category = category_of(draft, catalogue)
    if category is None or not asks_place(category):
        return []
    with reading() as session:
        place = resolve_place(session, place_given(session, draft, whereabouts(session, draft)))
        wanted = sought(catalogue, category.code, draft.object, place)
        now = wiring().clock.now()
        near = nearby_in_public(session, catalogue, wanted, now)[:_MOST] if wanted else []
        return [
            Proposed(
                one.reference,
                named(catalogue.categories[one.category_code]),
                street_of(session, one.street_id, one.insee),
                ago(one.received_at),
                _step(one),
            )
            for one in near
        ]


def _step(near: Near) -> str:
    return wording(public_step(near.state, near.outcome), "step")


def known_page(draft: Draft, proposed: list[Proposed]) -> str:
    return render_template(
        "portal/report/known.html",
        here="report",
        proposed=proposed,
        step="where",
        carried=draft.texts(),
        draft=draft,
    )
