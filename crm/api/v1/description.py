"""What this door offers, in OpenAPI 3.1. Nothing is promised here that does not exist."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from crm.api.public_case import PublicCase
from crm.cases import PublicStep
from crm.foundation.settings import Centre

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_SAID = {
    "reference": "AAAA-NNNNNN-CC, as the resident quotes it.",
    "status": "open or closed.",
    "step": "Where it stands: " + ", ".join(PublicStep) + ".",
    "step_words": "The step, in words.",
    "outcome_words": "How it ended, in words; null while it is open.",
    "category_code": "Empty while nobody has chosen one.",
    "category": "The category, in words.",
    "unit": "The service in charge; null while there is none.",
    "received_at": "When the resident addressed us.",
    "updated_at": "When it last changed.",
    "promised_at": "The date told first to the resident; it never changes.",
    "lon": "WGS 84, rounded to about a hundred metres.",
    "lat": "WGS 84, rounded to about a hundred metres.",
}
_MOMENTS = frozenset({"received_at", "updated_at", "promised_at"})
_DEGREES = frozenset({"lon", "lat"})
_MAY_BE_NULL = frozenset({"outcome_words", "unit", "promised_at", "lon", "lat"})


def description(centre: Centre) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{centre.name} — API",
            "version": "1",
            "description": "The public side of demands. To list or bring demands, use Open311 GeoReport v2 "
            "at /open311/v2/.",
            "contact": {"name": centre.name, "email": centre.email},
        },
        "servers": [{"url": centre.site_url.rstrip("/")}],
        "paths": {
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "readDescription",
                    "summary": "This description.",
                    "security": [],
                    "responses": {"200": _json("OpenAPI 3.1.", {"type": "object"})},
                }
            },
            "/api/v1/cases/{reference}": {"get": _read_case()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Case": _case(), "Problem": _problem()},
        },
    }


def _read_case() -> dict[str, Any]:
    return {
        "operationId": "readCase",
        "summary": "The public side of one demand: no words, no name, no exact place.",
        "security": [{"token": []}],
        "parameters": [
            {
                "name": "reference",
                "in": "path",
                "required": True,
                "description": "With or without its dashes.",
                "schema": {"type": "string", "examples": ["2026-004217-57"]},
            },
            {"name": "lang", "in": "query", "schema": {"enum": ["fr", "en"], "default": "fr"}},
        ],
        "responses": {
            "200": _json("The demand.", {"$ref": "#/components/schemas/Case"}),
            "401": _json("No valid token.", _PROBLEM, "application/problem+json"),
            "404": _json("None, or one that is not shown.", _PROBLEM, "application/problem+json"),
            "422": _json("The reference is mistyped.", _PROBLEM, "application/problem+json"),
            "429": _json("Too many requests.", _PROBLEM, "application/problem+json"),
        },
    }


def _json(said: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {kind: {"schema": schema}}}


def _case() -> dict[str, Any]:
    names = [field.name for field in fields(PublicCase)]
    return {"type": "object", "required": names, "properties": {name: _property(name) for name in names}}


def _property(name: str) -> dict[str, Any]:
    kind = "number" if name in _DEGREES else "string"
    shape: dict[str, Any] = {"type": [kind, "null"] if name in _MAY_BE_NULL else kind}
    if name in _MOMENTS:
        shape["format"] = "date-time"
    return shape | {"description": _SAID[name]}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
        },
    }
