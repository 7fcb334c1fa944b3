"""Which partner's machine asks."""

from __future__ import annotations

from flask import g, request

from crm.foundation import Actor
from crm.http import reading
from crm.staff import actor_for_key


def partner() -> Actor | None:
    """By Open311's `api_key`, in the form or the address, or by a bearer token; None without a valid one.

    A header is better: addresses end in the logs of whatever stands in front.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else request.values.get("api_key", "")
    if not key:
        return None
    with reading() as session:
        found = actor_for_key(session, key)
    g.wrong_key = found is None
    return found


def wrong_key(_response: object) -> bool:
    """Only wrong keys count against an address: whoever tries keys is slowed, nobody else."""
    return bool(g.get("wrong_key"))
