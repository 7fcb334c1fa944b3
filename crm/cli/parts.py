"""The programmes the product is made of, and how each is run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from crm.cli.server import GRACE_SECONDS, web_command
from crm.foundation import Settings

WORKERS = 2
_JOB_SECONDS = 20  # what a job under way is given when we stop


@dataclass(frozen=True, slots=True)
class Part:
    """One programme.

    Args:
        stop_rank: those of the lowest rank are stopped first: whoever brings work in, then whoever does it.
        stop_seconds: how long it may take to leave by itself.
    """

    name: str
    argv: tuple[str, ...]
    stop_rank: int
    stop_seconds: float


def _web(settings: Settings) -> list[str]:
    return web_command(settings)


def _module(name: str) -> Callable[[Settings], list[str]]:
    return lambda settings: [sys.executable, "-m", name]


PROGRAMMES: dict[str, Callable[[Settings], list[str]]] = {
    "web": _web,
    "relay": _module("workers.relay"),
    "worker": _module("workers.main"),
    "timetable": _module("workers.timetable"),
    "mailboxes": _module("workers.mailboxes"),
}


def every_part(settings: Settings) -> list[Part]:
    def part(name: str, kind: str, rank: int, seconds: float) -> Part:
        return Part(name, tuple(PROGRAMMES[kind](settings)), rank, seconds)

    workers = [part(f"worker-{n}", "worker", 3, _JOB_SECONDS) for n in range(1, WORKERS + 1)]
    return [
        part("web", "web", 1, GRACE_SECONDS + 2),
        part("relay", "relay", 2, 5),
        *workers,
        part("timetable", "timetable", 2, 5),
        *([part("mailboxes", "mailboxes", 1, 10)] if settings.mailboxes else []),
    ]


def become(name: str, settings: Settings) -> None:
    """Turn this process into that programme: signals then reach it without a middleman."""
    argv = PROGRAMMES[name](settings)
    os.execv(argv[0], argv)  # noqa: S606 (a command line of ours, no shell)
