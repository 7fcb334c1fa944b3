"""What a request says: who asks, the query, the body, the version read before. All that is wrong at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import Response, current_app, g, request
from pydantic import ValidationError

from crm.api.quotas import spend
from crm.api.v1.blueprint import Refused
from crm.api.v1.shapes import Asked, Given, Told
from crm.foundation import Actor
from crm.http import reading
from crm.staff import key_card

_MOST_BYTES = 256 * 1024
_ETAG = re.compile(r'"(\d{1,9})"')
_REASONS = {"extra_forbidden": "unknown_field", "missing": "required"}
A = TypeVar("A", bound=Asked)
B = TypeVar("B", bound=Given)


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Args:
        actor: with the reach of the key: that of an agent, of its organisation's units, or none at all.
        partner: the same key as Open311 knows it.
    """

    actor: Actor
    partner: Actor


def caller_of(scope: str) -> Caller:
    """
    Raises:
        Refused: 401 without a valid bearer token, 403 when it is not for this.
        TooManyRequests: the key's quota is used up.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    card = None
    if scheme.lower() == "bearer" and token.strip():
        with reading() as session:
            card = key_card(session, token.strip())
        g.wrong_key = card is None
    if card is None:
        raise Refused(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
    g.quota = spend(card)
    if scope not in card.scopes:
        raise Refused(403, "scope_missing", fields={"scope": scope})
    return Caller(card.acting or card.actor, card.actor)


def query_of(model: type[A]) -> A:
    """Raises Refused."""
    given = request.args.to_dict(flat=False)
    if twice := [name for name, values in given.items() if len(values) > 1]:
        raise Refused(422, "invalid", fields=dict.fromkeys(twice, "given_twice"))
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as wrong:
        raise Refused(422, "invalid", fields=_reasons(wrong)) from None


def body_of(model: type[B]) -> B:
    """Raises Refused."""
    if (request.content_length or 0) > _MOST_BYTES:
        raise Refused(413, "too_long")
    if request.mimetype != "application/json":
        raise Refused(415, "not_json", headers={"Accept-Post": "application/json"})
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as wrong:
        if wrong.errors()[0]["type"] == "json_invalid":
            raise Refused(400, "unreadable_json") from None
        raise Refused(422, "invalid", fields=_reasons(wrong)) from None


def if_match() -> int:
    """The version that the ETag named. Raises Refused."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Refused(428, "if_match_needed")
    match = _ETAG.fullmatch(header)
    if match is None:
        raise Refused(422, "invalid", fields={"If-Match": "malformed"})
    return int(match[1])


def answered(told: Told, status: int, headers: Mapping[str, str]) -> Response:
    made: Response = current_app.response_class(told.model_dump_json(), status, mimetype="application/json")
    made.headers.update(headers)
    return made


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def _reasons(wrong: ValidationError) -> dict[str, str]:
    return {
        ".".join(str(part) for part in error["loc"]) or "body": _REASONS.get(error["type"], error["type"])
        for error in wrong.errors(include_url=False, include_context=False, include_input=False)
    }
