"""A webhook's JSON, cut into what it tells one by one; what cannot be cut stays whole, for a person."""

from __future__ import annotations

import json
from typing import Any

from crm.channels.arrivals import Unreadable

_MOST = 200  # told in one request


def pieces_of(body: bytes) -> list[bytes]:
    """An object is one piece, a list of objects several; anything else is kept as it came, in one."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return [body]
    several = told if isinstance(told, list) else [told]
    if not several or len(several) > _MOST:
        return [body]
    return [json.dumps(one, ensure_ascii=False, sort_keys=True).encode(errors="replace") for one in several]


def object_in(piece: bytes) -> dict[str, Any]:
    """Raises Unreadable."""
    try:
        told = json.loads(piece)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unreadable("not_json")
    return told
