"""What other processes and threads do: waited for, never for ever; or begun at the same instant."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Told = TypeVar("Told")
Answer = TypeVar("Answer")


def wait_until(what: Callable[[], object], seconds: float = 20, told: str = "") -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, told or f"not within {seconds} s"
        time.sleep(0.05)


def at_once(act: Callable[[Told], Answer], *told: Told) -> list[Answer]:
    """What each act answers, in their order; all begin at the same instant."""
    together = Barrier(len(told), timeout=30)

    def begin(one: Told) -> Answer:
        together.wait()
        return act(one)

    with ThreadPoolExecutor(len(told)) as pool:
        return list(pool.map(begin, told))
