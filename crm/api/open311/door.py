"""Who is at this door, and how often an address without a key may knock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import request

from crm.api.open311.blueprint import Refused
from crm.api.open311.filters import TRUE
from crm.api.partners import gave_key, has_key, may, partner, wrong_key
from crm.foundation import Actor
from crm.http import limiter
from crm.staff import KeyScope

View = TypeVar("View", bound=Callable[..., Any])


def paced(per_minute: int) -> Callable[[View], View]:
    """So often without a key; with one, its quota counts instead. Wrong keys are slowed either way."""

    def slow(view: View) -> View:
        free = limiter.limit(f"{per_minute} per minute", exempt_when=has_key)
        tries = limiter.limit("30 per 15 minutes", deduct_when=wrong_key)
        return cast(View, tries(free(view)))

    return slow


def reader() -> Actor | None:
    """Whoever reads: anybody, or a partner who sees their own requests besides.

    Raises:
        Refused: a key that is wrong, revoked, or not for reading.
    """
    return holder(KeyScope.READ) if gave_key() else None


def holder(scope: KeyScope) -> Actor:
    """
    Raises:
        Refused: no key, or not for that.
    """
    actor = partner()
    if actor is None:
        raise Refused(403, "api_key is missing or invalid.")
    if not may(actor, scope):
        raise Refused(403, f"This api_key has not the scope « {scope} ».")
    return actor


def extended() -> bool:
    """Finer states than open and closed, on demand: `extensions=true`."""
    return request.values.get("extensions", "").lower() in TRUE
