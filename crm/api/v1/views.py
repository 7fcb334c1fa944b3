"""Read a case's public side with a bearer token; refusals are problem+json (RFC 9457)."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from crm.api.partners import partner, wrong_key
from crm.api.public_case import may_show, public_case
from crm.api.v1.description import description
from crm.cases import parse_reference, tracked_case
from crm.foundation import NotFound
from crm.http import language, limiter, public, reading, wiring

bp = Blueprint("v1", __name__, url_prefix="/api/v1")
_PROBLEM = {"Content-Type": "application/problem+json"}


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    return jsonify(description(wiring().settings.centre))


@bp.get("/cases/<reference>")
@public
@limiter.limit("240 per minute")
@limiter.limit("30 per 15 minutes", deduct_when=wrong_key)
def show(reference: str) -> ResponseReturnValue:
    actor = partner()
    if actor is None:
        problem = {
            "type": "/errors/unauthorized",
            "title": "A valid bearer token is needed: « Authorization: Bearer … ».",
            "status": 401,
        }
        return jsonify(problem), 401, {**_PROBLEM, "WWW-Authenticate": "Bearer"}
    typed = parse_reference(reference)
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        case = tracked_case(session, typed)
    if case is None or not may_show(case, catalogue, actor):
        raise NotFound(reference=typed)
    return jsonify(asdict(public_case(case, catalogue, english=language() == "en")))
