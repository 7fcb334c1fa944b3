"""What this door offers, in OpenAPI 3.1, read from its operations and their models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from crm.api.v1.operations import OPERATIONS, Operation
from crm.api.v1.shapes import Problem
from crm.foundation.settings import Centre

_REFERENCE = "As residents quote it, with or without its dashes."
_SAID = {
    400: "The request cannot be read.",
    401: "No valid token.",
    403: "Not with this token's scope, role or perimeter.",
    404: "None, or one that is not shown to this token; or a mistyped reference.",
    409: "Not possible as things stand; or the Idempotency-Key served for something else.",
    412: "It changed since it was read.",
    413: "Too long.",
    415: "Not application/json.",
    422: "Something is missing, unknown or wrong: see `fields`.",
    428: "If-Match is missing.",
    429: "The quota of this token is used up, or too many wrong tokens came from this address.",
    503: "A server does not answer: try again later.",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_INTRODUCTION = (
    "Demands and what happens to them. Times carry their offset. A token is a key: it has scopes (read, "
    "create, update), and the reach of an agent or of its organisation's units, or none: then it reads what "
    "anybody may know of a demand whose reference it has. Lists are followed by `next`; so says `Link`. "
    "To bring demands as Open311 does: /open311/v2/. To be told without asking: webhooks."
)


def description(centre: Centre) -> dict[str, Any]:
    _, schemas = models_json_schema(_models(), ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {
        "/api/v1/openapi.json": {
            "get": {
                "operationId": "readDescription",
                "summary": "This description.",
                "security": [],
                "responses": {"200": _json("OpenAPI 3.1.", {"type": "object"})},
            }
        }
    }
    for operation in OPERATIONS:
        paths.setdefault(operation.address, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{centre.name} — API",
            "version": "1",
            "description": _INTRODUCTION,
            "contact": {"name": centre.name, "email": centre.email},
        },
        "servers": [{"url": centre.site_url.rstrip("/")}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {name: _plain(schema) for name, schema in schemas["$defs"].items()},
        },
    }


def _models() -> list[Any]:
    told: list[Any] = [(Problem, "serialization")]
    for one in OPERATIONS:
        told += [(one.answer, "serialization"), (one.query, "validation")]
        told += [(one.body, "validation")] if one.body else []
    return list(dict.fromkeys(told))


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Scope: {operation.scope}.",
        "security": [{"token": []}],
        "parameters": [*_path(operation), *_queried(operation.query), *_headers(operation)],
        "responses": _responses(operation),
    }
    if operation.body:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(operation.body)}},
        }
    if operation.takes_file:
        raw = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        told["requestBody"] = {"required": True, "content": raw}
    return told


def _path(operation: Operation) -> list[dict[str, Any]]:
    shapes = {
        "reference": {
            "type": "string",
            "pattern": "^[0-9]{4}-?[0-9]{6,8}-?[0-9]{2}$",
            "examples": ["2026-004217-57"],
        },
        "contact_id": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
        "number": {"type": "integer", "minimum": 1, "maximum": 2**15 - 1},
    }
    said = {
        "reference": _REFERENCE,
        "contact_id": "As a demand or a search gave it.",
        "number": "Of the work order, within its demand.",
    }
    return [
        {"name": name, "in": "path", "required": True, "description": said[name], "schema": shapes[name]}
        for name in operation.parts()
    ]


def _queried(query: type[BaseModel]) -> list[dict[str, Any]]:
    shape = query.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {"name": name, "in": "query", "required": False, "schema": _no_null(_plain(one))}
        for name, one in shape["properties"].items()
    ]


def _no_null(shape: dict[str, Any]) -> dict[str, Any]:
    """An address says nothing rather than null."""
    kinds = [one for one in shape.get("anyOf", []) if one != {"type": "null"}]
    if len(kinds) != 1:
        return shape
    kept = {name: value for name, value in shape.items() if name != "anyOf" and value is not None}
    return {**kinds[0], **kept}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    found = []
    if operation.if_match:
        etag = {"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"3"']}
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": etag})
    if operation.repeatable:
        key = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    done = _json("Done.", _ref(operation.answer))
    headers = {}
    if operation.etag:
        headers["ETag"] = {"schema": {"type": "string"}, "required": True}
    if operation.paged:
        headers["Link"] = {"schema": {"type": "string"}}
    if operation.status == 201 and operation.etag:
        headers["Location"] = {"schema": {"type": "string"}, "required": True}
    if headers:
        done["headers"] = headers
    usual = {401, 403, 422, 429, 503, *operation.refusals}
    usual |= {400, 413, 415} if operation.body else {413, 415} if operation.takes_file else set()
    refused = {
        str(status): _json(_SAID[status], _PROBLEM, "application/problem+json") for status in sorted(usual)
    }
    return {str(operation.status): done, **refused}


def _json(said: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {kind: {"schema": schema}}}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _plain(shape: dict[str, Any]) -> dict[str, Any]:
    """Without what pydantic adds for itself."""
    return {
        name: value for name, value in shape.items() if name not in {"title", "default"} or value is not None
    }
