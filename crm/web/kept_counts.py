"""Counts and names that colleagues share, made again when anything happened since they were made."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app
from flask_login import current_user

from crm.http import wiring

T = TypeVar("T")
_KEPT_SECONDS = 5  # what commits out of order, and hours that pass, are seen that late at most
_MOST = 2000
_KEY = "crm_kept_counts"


def kept(key: Hashable, count: Callable[[], T]) -> T:
    """What `count` gave the last time, if nothing happened since; for whoever has the same key.

    The latest fact was read with whoever is logged in: knowing that nothing happened costs no statement.
    """
    here: dict[Hashable, tuple[object, Any]] = current_app.extensions.setdefault(_KEY, {})
    mark = (current_user.card.last_event, int(wiring().clock.now().timestamp()) // _KEPT_SECONDS)
    found = here.get(key)
    if found is not None and found[0] == mark:
        value: T = found[1]
        return value
    if len(here) >= _MOST:
        here.clear()
    made = count()
    here[key] = (mark, made)
    return made
