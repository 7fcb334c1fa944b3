"""How processes tell what happens to them: one line a fact, for people and machines, and nobody's words."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog

_LAST_LINES = 5


def without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception by its class and the last lines of code: its message, or variables, could name someone."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["kind"], event["where"] = type(error).__name__, where(error)
    return event


def where(error: BaseException) -> list[str]:
    """`file.py:12`, the innermost last."""
    frames = extract_tb(error.__traceback__)[-_LAST_LINES:]
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]


def configure_logs() -> None:
    """Once a process, before anything is said."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
