"""The blueprint, its addresses in both forms, and its refusals: a list of {code, description}."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests

from crm.api.open311.told import ERRORS, FORMS, answer
from crm.api.quotas import say_quota
from crm.cases import AlreadyRegistered
from crm.foundation import Conflict, CrmError, Invalid, NotAllowed
from crm.http import public

bp = Blueprint("open311", __name__, url_prefix="/open311/v2")
bp.after_request(say_quota)
View = TypeVar("View", bound=Callable[..., Any])
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def offered(path: str, method: str = "GET") -> Callable[[View], View]:
    """At this address with `.json` and with `.xml`."""

    def put(view: View) -> View:
        for form in FORMS:
            bp.add_url_rule(f"{path}.{form}", view_func=view, methods=[method])
        return view

    return put


class Refused(Exception):
    """What GeoReport answers instead of what was asked."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(status)
        self.status = status
        self.descriptions = descriptions


def refusal(status: int, descriptions: Iterable[str]) -> ResponseReturnValue:
    return answer([{"code": status, "description": text} for text in descriptions], ERRORS, status)


@bp.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    return refusal(error.status, error.descriptions)


@bp.errorhandler(CrmError)
def not_possible(error: CrmError) -> ResponseReturnValue:
    if isinstance(error, AlreadyRegistered):
        return refusal(409, ["The same request is being registered at this moment: try again."])
    if isinstance(error, Conflict):
        return refusal(409, ["It changed at this moment, or this update_id served for another request."])
    if isinstance(error, Invalid):
        return refusal(400, [f"{name}: {code}" for name, code in error.fields.items()])
    if isinstance(error, NotAllowed):
        return refusal(403, ["This api_key has not the scope for that."])
    return refusal(404, ["No such request."])


@bp.errorhandler(OperationalError)
def database_down(_error: OperationalError) -> ResponseReturnValue:
    return refusal(503, ["A server does not answer: try again later, with the same Idempotency-Key."])


@bp.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, TooManyRequests):
        return refusal(429, ["Too many requests: wait, as the header Retry-After says if there is one."])
    return refusal(error.code or 500, [error.description or error.name])


@bp.route("/<path:rest>", methods=_METHODS)
@public
def unknown(rest: str) -> ResponseReturnValue:
    """An address that is none of ours."""
    return refusal(404, ["No such resource. See /open311/v2/discovery.json."])
