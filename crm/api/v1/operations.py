"""One declaration an operation: the route, the checks and the description all come from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Response

from crm.api.partners import wrong_key
from crm.api.v1.asking import Caller, answered, body_of, caller_of, if_match, query_of
from crm.api.v1.blueprint import Refused, bp
from crm.api.v1.shapes import Asked, Given, Told
from crm.foundation import Conflict
from crm.http import limiter, public, takes_files

_HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
KEY_TRIES = "30 per 15 minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    Args:
        scope: what the key must be for: read, create or update.
        query, body: what is asked and given, checked before anything is looked at.
        if_match: the ETag read before is compulsory.
        repeatable: an Idempotency-Key makes a second sending harmless.
        takes_file: the body is the file itself.
        refusals: statuses besides those any operation may answer.
    """

    name: str
    method: str
    path: str
    summary: str
    scope: str
    answer: type[Told]
    status: int = 200
    query: type[Asked] = Asked
    body: type[Given] | None = None
    if_match: bool = False
    repeatable: bool = False
    etag: bool = False
    paged: bool = False
    takes_file: bool = False
    refusals: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """`/api/v1/cases/{reference}`"""
        return "/api/v1" + _HOLE.sub(r"{\1}", self.path)

    def parts(self) -> list[str]:
        """Names in the path, in order."""
        return _HOLE.findall(self.path)


def act_on(
    name: str, path: str, summary: str, *, answer: type[Told], body: type[Given] | None = None
) -> Operation:
    """An act on what the caller read, at the version that they read; sent twice, it is done once."""
    return Operation(
        name=name,
        method="POST",
        path=path,
        summary=summary,
        scope="update",
        body=body,
        answer=answer,
        if_match=True,
        repeatable=True,
        etag=True,
        refusals=(403, 404, 409, 412, 428),
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """What an operation is given: who asks, and what, already checked."""

    caller: Caller
    query: Any
    body: Any = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    told: Told
    headers: Mapping[str, str] = field(default_factory=dict)


OPERATIONS: list[Operation] = []
View = Callable[..., Reply]


def offers(operation: Operation) -> Callable[[View], View]:
    """Put it at its address."""
    OPERATIONS.append(operation)

    def put(view: View) -> View:
        @public
        @limiter.limit(KEY_TRIES, deduct_when=wrong_key)
        @wraps(view)
        def serve(**parts: Any) -> Response:
            return _served(operation, view, parts)

        if operation.takes_file:
            takes_files(serve)
        bp.add_url_rule(operation.path, operation.name, serve, methods=[operation.method])
        return view

    return put


def _served(operation: Operation, view: View, parts: dict[str, Any]) -> Response:
    caller = caller_of(operation.scope)
    asking = Asking(
        caller,
        query_of(operation.query),
        body_of(operation.body) if operation.body else None,
        if_match() if operation.if_match else 0,
    )
    try:
        reply = view(asking, **parts)
    except Conflict:
        if not operation.if_match:
            raise
        raise Refused(412, "changed_since") from None
    return answered(reply.told, operation.status, reply.headers)
