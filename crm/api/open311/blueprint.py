"""The blueprint and the shape of its refusals: a list of {code, description}, as GeoReport says."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests

from crm.cases import AlreadyRegistered
from crm.foundation import CrmError
from crm.http import public

bp = Blueprint("open311", __name__, url_prefix="/open311/v2")


class Refused(Exception):
    """What GeoReport answers instead of what was asked."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(status)
        self.status = status
        self.descriptions = descriptions


def refusal(status: int, descriptions: Iterable[str]) -> ResponseReturnValue:
    return jsonify([{"code": status, "description": text} for text in descriptions]), status


@bp.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    return refusal(error.status, error.descriptions)


@bp.errorhandler(CrmError)
def not_possible(error: CrmError) -> ResponseReturnValue:
    if isinstance(error, AlreadyRegistered):
        return refusal(409, ["The same request is being registered at this moment: try again."])
    return refusal(404, ["No such request."])


@bp.errorhandler(OperationalError)
def database_down(_error: OperationalError) -> ResponseReturnValue:
    return refusal(503, ["A server does not answer: try again later, with the same Idempotency-Key."])


@bp.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, TooManyRequests):
        return refusal(429, ["Too many requests: wait a few minutes."])
    return refusal(error.code or 500, [error.description or error.name])


@bp.get("/<path:rest>")
@public
def unknown(rest: str) -> ResponseReturnValue:
    """An address that is none of ours, and XML, which is not offered yet."""
    if rest.endswith(".xml"):
        return refusal(406, ["XML is not offered: ask for the same address ending in .json."])
    return refusal(404, ["No such resource. See /open311/v2/discovery.json."])


@bp.post("/<path:rest>")
@public
def unknown_post(rest: str) -> ResponseReturnValue:
    return unknown(rest)
