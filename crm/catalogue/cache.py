"""The catalogue kept a few seconds in each process: read at every keystroke, changed once a month."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date

from crm.catalogue.queries import catalogue
from crm.catalogue.shapes import Catalogue
from crm.catalogue.suggestions import CategoryIndex
from crm.foundation import PARIS, Clock, Sessions, SystemClock

TTL_SECONDS = 10.0


class CatalogueCache:
    """Thread-safe. A change made on a screen is seen by every process within `TTL_SECONDS`."""

    def __init__(
        self,
        sessions: Sessions,
        *,
        clock: Clock | None = None,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._clock = clock or SystemClock()
        self._tick = tick
        self._lock = threading.Lock()
        self._kept: tuple[Catalogue, CategoryIndex] | None = None
        self._until = 0.0

    def get(self) -> tuple[Catalogue, CategoryIndex]:
        """The snapshot and its index. One thread reads again; the index is remade only after a change."""
        kept = self._kept
        if kept is not None and self._tick() < self._until:
            return kept
        with self._lock:
            if self._kept is None or self._tick() >= self._until:
                self._kept = self._read()
                self._until = self._tick() + TTL_SECONDS
            return self._kept

    def forget(self) -> None:
        """Read again at the next call: the catalogue was just changed by this process."""
        self._until = 0.0

    def _read(self) -> tuple[Catalogue, CategoryIndex]:
        with self._sessions() as session:
            fresh = catalogue(session, self._today())
        if self._kept is not None and self._kept[0] == fresh:
            return self._kept
        return fresh, CategoryIndex(fresh)

    def _today(self) -> date:
        return self._clock.now().astimezone(PARIS).date()
