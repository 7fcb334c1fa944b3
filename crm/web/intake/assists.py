"""Help while typing: categories, usagers, addresses, and who would be competent. Nothing is written here.

All of it is asked by POST: what is typed may be a name, and names do not belong in addresses.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm import contacts, territory
from crm.access import Permission
from crm.cases import (
    Mistyped,
    Place,
    Said,
    assess,
    one_case,
    parse_reference,
    spoken,
    to_locate,
)
from crm.catalogue import Catalogue, Category, dangers_in, stops_met
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import language, needs, reading, wiring
from crm.intake import resolve_place
from crm.web.contacts.saying import shared_said
from crm.web.explaining import category_label, domain_label, names, reasons_in_words
from crm.web.intake.blueprint import bp
from crm.web.intake.drafts import reference_in
from crm.web.intake.forms import answers_in, place_in
from crm.web.ready_words import ready_words
from crm.web.usagers import usagers

_MOST = 8
LONGEST = 2000  # of an object being typed: enough to know what it is about


@bp.post("/aides/categories")
@needs(Permission.CASE_CREATE)
def categories() -> dict[str, Any]:
    return {"items": suggested(_typed())}


def suggested(said: str, chosen: str = "") -> list[dict[str, str]]:
    """Categories for what was said; the one already chosen stays among them, first."""
    catalogue, index = wiring().rulebooks.categories()
    codes = [s.code for s in (index.suggest(said, limit=5) if said else [])]
    held = catalogue.in_use(chosen)
    if held and held.code not in codes:
        codes.insert(0, held.code)
    return [{"value": code, "label": category_label(code), "detail": domain_label(code)} for code in codes]


@bp.post("/aides/usagers")
@needs(Permission.CONTACT_VIEW)
def people() -> dict[str, Any]:
    """By number, name or e-mail; or by the reference of a demand, which tells who made it."""
    with reading() as session:
        hits = usagers(session, _typed(), _MOST)
        cards = _requester(session, _typed()) if not hits else []
    found: list[tuple[int, str, tuple[str, ...]]] = [
        (hit.id, hit.display_name, (hit.phone, shared_said(hit), hit.email, hit.commune)) for hit in hits
    ]
    found += [(card.id, card.display_name, tuple(p.display for p in card.points)) for card in cards]
    return {
        "items": [
            {"value": str(id_), "label": name, "detail": " · ".join(filter(None, ways))}
            for id_, name, ways in found
        ]
    }


def _requester(session: Session, text: str) -> list[contacts.ContactCard]:
    try:
        case = one_case(session, current_user.actor, parse_reference(text))
    except (Mistyped, NotFound):
        return []
    card = contacts.contact_card(session, case.contact_id) if case.contact_id is not None else None
    return [card] if card else []


@bp.post("/aides/adresses")
@needs(Permission.CASE_CREATE)
def addresses() -> dict[str, Any]:
    """A desk is offered the streets of its own commune first."""
    desk = min(current_user.actor.places, default=None)
    with reading() as session:
        own = territory.search_addresses(session, _typed(), insee=desk, limit=_MOST) if desk else []
        hits = territory.search_addresses(session, _typed(), limit=_MOST)
    return {"items": [_address(hit) for hit in dict.fromkeys([*own, *hits])][:_MOST]}


def _address(hit: territory.AddressHit) -> dict[str, Any]:
    value = f"a{hit.address_id}" if hit.address_id and not hit.number_unknown else f"s{hit.street_id or ''}"
    detail = [_("voie privée")] if hit.ownership == "private" else []
    if hit.number_unknown:
        detail.append(_("numéro inconnu dans cette rue"))
    if not hit.is_member:
        detail.append(_("hors de la métropole"))
    elif not hit.is_open and hit.insee not in current_user.actor.places:
        detail.append(_("commune qui se prépare : pas encore desservie"))
    return {
        "value": value if hit.street_id else "",
        "label": hit.label,
        "detail": ", ".join(detail),
        "data": {"insee": hit.insee, "lon": hit.lon, "lat": hit.lat},
    }


@bp.post("/aides/dangers")
@needs(Permission.CASE_CREATE)
def dangers() -> str:
    """What must be said at once, from memory: asked while the object is being typed."""
    catalogue, _index = wiring().rulebooks.categories()
    return render_template("web/intake/_danger.html", **_heard(catalogue, _typed(), request.form))


def _heard(catalogue: Catalogue, said: str, form: MultiDict[str, str]) -> dict[str, Any]:
    told = frozenset(form.getlist("danger_said"))
    return {"dangers": dangers_in(catalogue, said), "told": told, "english": language() == "en"}


@bp.post("/aides/competence")
@needs(Permission.CASE_CREATE)
def competence() -> str:
    """Who would be competent, why, by when, and the sentence to read aloud."""
    return render_template("web/intake/_competence.html", **facts_of(request.form))


def facts_of(form: MultiDict[str, str]) -> dict[str, Any]:
    """Everything that the right-hand column and the recap say of a form as it stands."""
    book = wiring().rulebooks.current()
    with reading() as session:
        place = resolve_place(session, place_in(form), current_user.actor.places)
    said = Said(
        category_code=form.get("category") or form.get("any_category") or None,
        object=form.get("object", "")[:LONGEST],
        answers=answers_in(form),
        place=place,
        channel=form.get("channel", "phone"),
        received_at=wiring().clock.now(),
    )
    found = assess(book, said)
    return {
        "found": found,
        "place": place,
        "place_known": _place_is_told(place, found.category),
        "to_locate": place.inside and to_locate(place.label, place.precision),
        "stops": stops_met(found.category, said.answers) if found.category else [],
        "off_script": form.get("off_script", ""),
        "unit": wiring().rulebooks.units().get(found.decision.unit_id or 0),
        "reasons": reasons_in_words(found.decision.reasons, names()),
        "due": book.calendar.announce(found.due_at),
        "snippets": ready_words(found.category),
        **_heard(book.catalogue, said.object, form),
        "reference": spoken(reference_in(form.get("draft", "")) or "") if form.get("draft") else "",
    }


def _place_is_told(place: Place, category: Category | None) -> bool:
    asked = category is None or category.place != "none"
    return bool(place.insee or place.label) or not place.inside or not asked


@bp.get("/communes.geojson")
@needs(Permission.CASE_VIEW, Permission.CASE_CREATE)
def outlines() -> Response:
    with reading() as session:
        drawn = json.dumps(territory.outlines(session))
    response = Response(drawn, mimetype="application/geo+json")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _typed() -> str:
    return request.form.get("q", "")[:LONGEST]
