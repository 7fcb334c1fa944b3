"""What a check found, and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    WRONG = "✗"
    WARNING = "!"
    INFORMATION = "–"


@dataclass(frozen=True, slots=True)
class Finding:
    mark: Mark
    what: str
    advice: str = ""

    def lines(self) -> list[str]:
        return [f"{self.mark} {self.what}", *(f"    → {line}" for line in self.advice.splitlines())]


def good(what: str) -> Finding:
    return Finding(Mark.GOOD, what)


def wrong(what: str, advice: str) -> Finding:
    return Finding(Mark.WRONG, what, advice)


def warning(what: str, advice: str) -> Finding:
    """It works, and may not be what was meant."""
    return Finding(Mark.WARNING, what, advice)


def information(what: str, advice: str = "") -> Finding:
    return Finding(Mark.INFORMATION, what, advice)


def attempt(check: Callable[[], Finding], what: str, advice: str, *expected: type[Exception]) -> Finding:
    """Run a check; one of the expected errors is what it found."""
    try:
        return check()
    except expected as error:
        return wrong(f"{what} : {str(error).strip().partition(chr(10))[0]}", advice)
