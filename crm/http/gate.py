"""Every route says who may use it: permissions, or that it is public. A route that says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import GRANTS, Permission
from crm.foundation import Unavailable
from crm.http.doors import actor, may_read

View = TypeVar("View", bound=Callable[..., Any])
_GATE = "crm_gate"


def public(view: View) -> View:
    """Anybody may come here."""
    setattr(view, _GATE, frozenset())
    return view


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Agents who hold one of these permissions somewhere; the action still asks for the very record."""

    def mark(view: View) -> View:
        setattr(view, _GATE, frozenset(permissions))
        return view

    return mark


def gate_of(app: Flask, endpoint: str) -> frozenset[Permission] | None:
    """What the route of an endpoint declares: nothing needed (public), permissions, or None for no word."""
    return getattr(app.view_functions.get(endpoint), _GATE, None)


def holds(roles: frozenset[str], permissions: frozenset[Permission]) -> bool:
    """Does one of the roles have one of the permissions, on whatever record?"""
    return any(permissions & granted for role in roles for granted in GRANTS[role].values())


def install(app: Flask) -> None:
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # an unknown address, or a file that everybody may read
    declared = gate_of(current_app, request.endpoint)
    if declared is None:
        abort(404)
    if not declared:
        return None
    if not current_user.is_authenticated:
        if not may_read():
            raise Unavailable(server="postgresql")
        return cast(ResponseReturnValue, current_app.extensions["login"].unauthorized())
    if not holds(actor().roles, declared):
        abort(404)
    return None
