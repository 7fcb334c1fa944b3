"""Waiting for what other processes and threads do: never for ever."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(what: Callable[[], object], seconds: float = 20, told: str = "") -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, told or f"not within {seconds} s"
        time.sleep(0.05)
