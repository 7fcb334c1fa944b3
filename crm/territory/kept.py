"""Values kept in memory for a short while, one per database: boundaries, words of streets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

T = TypeVar("T")
_all: list[Kept[object]] = []


class Kept(Generic[T]):
    """Rebuilt from the database when older than `seconds`; one thread rebuilds, the others wait for it."""

    def __init__(self, build: Callable[[Session], T], *, seconds: float) -> None:
        self._build = build
        self._seconds = seconds
        self._lock = threading.Lock()
        self._values: dict[sa.URL, tuple[float, T]] = {}
        _all.append(self)  # type: ignore[arg-type]

    def get(self, session: Session) -> T:
        url = session.get_bind().engine.url
        found = self._values.get(url)
        if found and time.monotonic() < found[0]:
            return found[1]
        with self._lock:
            found = self._values.get(url)
            if not found or time.monotonic() >= found[0]:
                found = (time.monotonic() + self._seconds, self._build(session))
                self._values[url] = found
            return found[1]

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


def forget() -> None:
    """Drop what is kept: after a load, and between tests."""
    for kept in _all:
        kept.clear()
