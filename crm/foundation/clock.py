"""What time it is. Moments are stored in UTC; rules are reckoned in Paris."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still until it is moved: tests and demonstrations."""

    at: datetime

    def now(self) -> datetime:
        return self.at.astimezone(UTC)
