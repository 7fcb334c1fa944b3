"""The description, and a page to try it: each operation has its form, and the answer is the door's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.test import EnvironBuilder, run_wsgi_app

from crm.api.v1.blueprint import bp
from crm.api.v1.description import description
from crm.api.v1.operations import OPERATIONS, Operation
from crm.http import limiter, public, wiring

_LONGEST = 20_000  # characters of an answer that are shown


@dataclass(frozen=True, slots=True)
class Tried:
    """What the door answered."""

    asked: str
    status: str
    headers: list[tuple[str, str]]
    body: str


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    return jsonify(description(wiring().settings.centre))


@bp.get("/")
@public
def show() -> str:
    return _page(_chosen(request.args.get("operation", OPERATIONS[0].name)), None)


@bp.post("/essayer")
@public
@limiter.limit("60 per minute")
def try_it() -> str:
    operation = _chosen(request.form.get("operation", ""))
    return _page(operation, _ask(operation))


def _page(operation: Operation, tried: Tried | None) -> str:
    described = description(wiring().settings.centre)
    told = described["paths"][operation.address][operation.method.lower()]
    return render_template(
        "api/try.html",
        operations=[one for one in OPERATIONS if not one.takes_file],
        chosen=operation,
        told=told,
        body=request.form.get("body") or _example(operation),
        given=request.form,
        tried=tried,
        site={"name": wiring().settings.centre.name},
    )


def _chosen(name: str) -> Operation:
    return next((one for one in OPERATIONS if one.name == name and not one.takes_file), None) or abort(404)


def _example(operation: Operation) -> str:
    """A body to begin with: the model's own example, else its compulsory fields."""
    if operation.body is None:
        return ""
    shape = operation.body.model_json_schema()
    made: Any = (shape.get("examples") or [dict.fromkeys(shape.get("required", []), "")])[0]
    return json.dumps(made, ensure_ascii=False, indent=2)


def _ask(operation: Operation) -> Tried:
    """By the very same way as any machine, with the address of whoever tries."""
    form = request.form
    path = operation.address
    for name in operation.parts():
        typed = quote(form.get(f"path.{name}", "").strip() or "-", safe="")
        path = path.replace(f"{{{name}}}", typed)
    query = {name: form.get(f"query.{name}", "").strip() for name in operation.query.model_fields}
    headers = {name: form.get(name, "").strip() for name in ("If-Match", "Idempotency-Key")}
    headers["Authorization"] = f"Bearer {form.get('token', '').strip()}"
    builder = EnvironBuilder(
        path=path,
        base_url=request.host_url,
        method=operation.method,
        query_string={name: value for name, value in query.items() if value},
        headers=[(name, value) for name, value in headers.items() if value],
        data=form.get("body", "") if operation.body else None,
        content_type="application/json" if operation.body else None,
        environ_base={"REMOTE_ADDR": request.remote_addr or ""},
    )
    asked = f"{operation.method} {path}" + (f"?{builder.query_string}" if builder.query_string else "")
    parts, status, told = run_wsgi_app(current_app.wsgi_app, builder.get_environ(), buffered=True)
    kept = [(name, value) for name, value in told.items() if name in _SHOWN]
    return Tried(asked, status, kept, _readable(b"".join(parts)))


_SHOWN = frozenset(
    {
        "Content-Type",
        "ETag",
        "Link",
        "Location",
        "WWW-Authenticate",
        "Retry-After",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
    }
)


def _readable(body: bytes) -> str:
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        text = body.decode(errors="replace")
    return text[:_LONGEST]
