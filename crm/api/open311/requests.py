"""Requests: read the public side of cases, and bring new ones with a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from crm.api.open311.blueprint import Refused, bp
from crm.api.open311.filters import Filters, read_filters
from crm.api.open311.posting import demand_from, register
from crm.api.open311.services import service
from crm.api.partners import partner, wrong_key
from crm.api.public_case import PublicCase, may_show, public_case
from crm.cases import CaseSheet, Mistyped, cases_changed_since, parse_reference, tracked_case
from crm.foundation import Actor, Invalid
from crm.http import language, limiter, public, reading, wiring

MOST_DAYS = timedelta(days=90)
MOST = 1000
_KEY_TRIES = "30 per 15 minutes"


@bp.post("/requests.json")
@public
@limiter.limit(_KEY_TRIES, deduct_when=wrong_key)
def bring() -> ResponseReturnValue:
    """A partner's machine reports something. The same Idempotency-Key again gives the same request."""
    actor = partner()
    if actor is None:
        raise Refused(403, "api_key is missing or invalid.")
    if not request.form.get("service_code"):
        raise Refused(400, "service_code is missing.")
    category = service(request.form["service_code"])
    try:
        done, notice = register(actor, demand_from(request.form, category, actor), category)
    except Invalid as refusal:
        described = [f"{name}: {code}" for name, code in refusal.fields.items()]
        raise Refused(400, *described) from None
    answer = {"service_request_id": done.reference, "service_notice": notice, "account_id": None}
    return jsonify([answer]), 201


@bp.get("/requests.json")
@public
@limiter.limit("120 per minute")
def listed() -> ResponseReturnValue:
    filters = read_filters(request.args, wiring().clock.now(), MOST_DAYS)
    actor = partner() if request.args.get("api_key") or "Authorization" in request.headers else None
    return jsonify([_told(case) for case in _found(filters, actor)])


@bp.get("/requests/<reference>.json")
@public
@limiter.limit("240 per minute")
def one(reference: str) -> ResponseReturnValue:
    actor = partner() if request.args.get("api_key") or "Authorization" in request.headers else None
    found = _by_reference((reference,), actor)
    if not found:
        raise Refused(404, "No such request.")
    return jsonify([_told(case) for case in found])


def _found(filters: Filters, actor: Actor | None) -> list[CaseSheet]:
    if filters.references:
        return _by_reference(filters.references, actor)
    catalogue, _index = wiring().rulebooks.categories()
    shown = tuple(code for code, leaf in catalogue.categories.items() if leaf.map_display != "never")
    codes = tuple(code for code in shown if code in filters.services) if filters.services else shown
    if actor is not None:  # their own requests may be of any category; the others are sifted below
        codes = filters.services
    elif not codes:
        return []
    with reading() as session:
        rows = cases_changed_since(
            session, codes, filters.since, filters.until, MOST, is_open=filters.is_open
        )
    return [case for case in rows if may_show(case, catalogue, actor)]


def _by_reference(references: tuple[str, ...], actor: Actor | None) -> list[CaseSheet]:
    catalogue, _index = wiring().rulebooks.categories()
    found = []
    with reading() as session:
        for typed in references:
            try:
                case = tracked_case(session, parse_reference(typed))
            except Mistyped:
                continue
            if case is not None and may_show(case, catalogue, actor):
                found.append(case)
    return found


def _told(case: CaseSheet) -> dict[str, Any]:
    catalogue, _index = wiring().rulebooks.categories()
    shown: PublicCase = public_case(case, catalogue, english=language() == "en")
    return {
        "service_request_id": shown.reference,
        "status": shown.status,
        "status_notes": shown.outcome_words or shown.step_words,
        "service_name": shown.category,
        "service_code": shown.category_code,
        "description": None,
        "agency_responsible": shown.unit,
        "service_notice": None,
        "requested_datetime": shown.received_at,
        "updated_datetime": shown.updated_at,
        "expected_datetime": shown.promised_at,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": shown.lat,
        "long": shown.lon,
        "media_url": None,
    }
