"""Requests: read the public side of cases, and bring new ones with a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from crm.api.open311.blueprint import Refused, offered
from crm.api.open311.door import extended, holder, paced, reader
from crm.api.open311.filters import Filters, Page, read_filters
from crm.api.open311.posting import bring_in, known_reference
from crm.api.open311.services import service
from crm.api.open311.statuses import finer
from crm.api.open311.told import REQUESTS, answer
from crm.api.public_case import PublicCase, may_show, public_case, said
from crm.cases import Asked, Mistyped, PublicRow, parse_reference, public_cases
from crm.foundation import Actor
from crm.http import language, public, reading, takes_files, wiring
from crm.staff import KeyScope

MOST_DAYS = timedelta(days=90)


@offered("/requests", "POST")
@public
@takes_files
@paced(120)
def bring() -> ResponseReturnValue:
    """A partner's machine reports something. The same Idempotency-Key again gives the same request."""
    actor = holder(KeyScope.CREATE)
    if not request.form.get("service_code"):
        raise Refused(400, "service_code is missing.")
    done, notice = bring_in(request.form, service(request.form["service_code"]), actor)
    told = {"service_request_id": done.reference, "service_notice": notice, "account_id": None}
    return answer([told], REQUESTS, 201)


@offered("/requests")
@public
@paced(120)
def listed() -> ResponseReturnValue:
    actor = reader()
    filters = read_filters(request.args, wiring().clock.now(), MOST_DAYS)
    rows = _found(filters, actor)
    response = answer(_told(rows, actor), REQUESTS)
    if filters.references is None and len(rows) == filters.page.size:
        response.headers["Link"] = f'<{_next(filters.page)}>; rel="next"'
    return response


@offered("/requests/<reference>")
@public
@paced(240)
def one(reference: str) -> ResponseReturnValue:
    actor = reader()
    try:
        typed = parse_reference(reference)
    except Mistyped:
        raise Refused(404, "No such request.") from None
    told = _told(_cases(Asked(codes=shown_codes(), actor=actor, references=(typed,)), 1), actor)
    if not told:
        raise Refused(404, "No such request.")
    return answer(told, REQUESTS)


@offered("/tokens/<token>")
@public
@paced(240)
def token(token: str) -> ResponseReturnValue:
    """Requests are registered at once: a token is the Idempotency-Key of an answer that got lost."""
    reference = known_reference(holder(KeyScope.READ), token)
    if reference is None:
        raise Refused(404, "No request was registered under this token.")
    return answer([{"service_request_id": reference, "token": token}], REQUESTS)


def _found(filters: Filters, actor: Actor | None) -> list[PublicRow]:
    shown = shown_codes()
    if filters.references is not None:
        if not filters.references:
            return []
        asked = Asked(codes=shown, actor=actor, references=filters.references)
        return _cases(asked, len(filters.references))
    wanted = filters.services
    codes = tuple(code for code in shown if code in wanted) if wanted else shown
    asked = Asked(
        codes=codes,
        wanted=wanted,
        actor=actor,
        since=filters.since,
        until=filters.until,
        is_open=filters.is_open,
    )
    return _cases(asked, filters.page.size, filters.page.skip)


def _cases(asked: Asked, limit: int, skip: int = 0) -> list[PublicRow]:
    with reading() as session:
        return public_cases(session, asked, limit=limit, skip=skip)


def shown_codes() -> tuple[str, ...]:
    """Categories that anybody may see."""
    catalogue, _index = wiring().rulebooks.categories()
    return tuple(code for code, leaf in catalogue.categories.items() if leaf.map_display != "never")


def _next(page: Page) -> str:
    """The same question, one page further; never with the key."""
    kept = {name: value for name, value in request.args.items() if name not in {"api_key", "page"}}
    kept |= {"page_size": str(page.size), "page": str(page.number + 1)}
    return f"{request.path}?{urlencode(kept)}"


def _told(rows: list[PublicRow], actor: Actor | None) -> list[dict[str, Any]]:
    """Units and categories are read once, whatever the rows; an answer may keep a case off the map."""
    catalogue, _index = wiring().rulebooks.categories()
    units, english, more = wiring().rulebooks.units(), language() == "en", extended()
    told = []
    for case in rows:
        if may_show(case, catalogue, actor):
            shown = public_case(case, catalogue, english=english, units=units)
            told.append(_standard(shown) | (_extended(case, shown) if more else {}))
    return told


def _standard(shown: PublicCase) -> dict[str, Any]:
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


def _extended(case: PublicRow, shown: PublicCase) -> dict[str, Any]:
    attributes = {
        "status": finer(case.state, case.outcome),
        "step": shown.step,
        "step_words": shown.step_words,
        "outcome_words": shown.outcome_words,
        "closed_datetime": said(case.closed_at) if case.closed_at else None,
        "commune": case.insee,
    }
    return {"extended_attributes": attributes}
