"""Short texts kept a few seconds in each process: shown at each choice of a category, changed once a week."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from crm.foundation import Sessions
from crm.knowledge.queries import snippets
from crm.knowledge.snippets import Snippet

TTL_SECONDS = 10.0


class SnippetCache:
    """Thread-safe. A change made on a screen is seen by every process within `TTL_SECONDS`."""

    def __init__(self, sessions: Sessions, *, tick: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._tick = tick
        self._lock = threading.Lock()
        self._kept: tuple[Snippet, ...] | None = None
        self._until = 0.0

    def get(self) -> tuple[Snippet, ...]:
        with self._lock:
            if self._kept is None or self._tick() >= self._until:
                with self._sessions() as session:
                    self._kept = snippets(session)
                self._until = self._tick() + TTL_SECONDS
            return self._kept

    def forget(self) -> None:
        """This very process published another."""
        self._until = 0.0
