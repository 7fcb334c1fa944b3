"""The blueprint, and the shape of its refusals: problem+json (RFC 9457), in English, `type` being stable."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from crm.api.quotas import say_quota
from crm.cases import AlreadyRegistered, Mistyped
from crm.foundation import CrmError, Invalid, NotFound
from crm.http.errors import STATUS

bp = Blueprint("v1", __name__, url_prefix="/api/v1")
_TITLES = {
    400: "The request cannot be read.",
    401: "A valid bearer token is needed: « Authorization: Bearer … ».",
    403: "This token does not allow that.",
    404: "Not found, or not shown to this token.",
    405: "Not this method, at this address.",
    409: "Not possible as things stand.",
    412: "It changed since you read it: read it again.",
    413: "Too long.",
    415: "Send application/json.",
    422: "Something is missing, unknown or wrong.",
    428: "Send If-Match with the ETag you read.",
    429: "Too many requests: wait.",
    503: "A server does not answer: try again later.",
}


class Refused(Exception):
    """What is answered instead of what was asked."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.fields = fields
        self.headers = headers or {}


def refusal(
    status: int, code: str, fields: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    said = {"type": f"/errors/{code}", "title": _TITLES.get(status, "It failed."), "status": status}
    if fields:
        said["fields"] = dict(fields)
    return said, status, {**(headers or {}), "Content-Type": "application/problem+json"}


bp.after_request(say_quota)


@bp.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    return refusal(error.status, error.code, error.fields, error.headers)


@bp.errorhandler(CrmError)
def not_possible(error: CrmError) -> ResponseReturnValue:
    """A mistyped reference is an address of nothing: 404, and `type` says why."""
    status = 404 if isinstance(error, Mistyped) else STATUS[type(error)]
    if isinstance(error, Invalid):
        return refusal(status, error.code, error.fields)
    if isinstance(error, AlreadyRegistered):
        return refusal(409, "same_request_under_way")
    return refusal(status, NotFound.code if status == 404 and not isinstance(error, Mistyped) else error.code)


@bp.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    codes = {413: "too_long", 429: "too_many_requests", 415: "not_json"}
    return refusal(status, codes.get(status, "http"))
