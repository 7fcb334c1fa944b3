"""When a row was received: a whole date, or a month, a weekday and an hour."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Mapping as Reading
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.cli.importing.mapping import Received
from crm.foundation import fold

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_TOMORROW = timedelta(days=1)  # their clock may be in another time zone than ours


class Unreadable(Exception):
    """In French, why there is no date to be had."""


class Moments:
    def __init__(self, received: Received, zone: ZoneInfo, now: datetime) -> None:
        self._received = received
        self._zone = zone
        self._now = now

    def received_at(self, row: Reading[str, str], key: str) -> datetime:
        """
        Args:
            key: decides of the week, when the row does not.

        Raises:
            Unreadable: no date, or an absurd one.
        """
        local = self._dated(row) if self._received.date else self._drawn(row, key)
        moment = local.replace(tzinfo=self._zone).astimezone(UTC)
        if local.date() < self._received.earliest:
            raise Unreadable(f"date trop ancienne ({local:%d/%m/%Y})")
        if moment > self._now + _TOMORROW:
            raise Unreadable(f"date à venir ({local:%d/%m/%Y})")
        return min(moment, self._now)

    def _dated(self, row: Reading[str, str]) -> datetime:
        typed = row[self._received.date].strip()
        try:
            found = _parse(typed, self._received.format)
        except ValueError:
            raise Unreadable(f"date illisible « {typed[:40]} »") from None
        if "%H" not in self._received.format:
            return found.replace(
                hour=12
            )  # the day alone is known: noon is that day in every time zone of ours
        return found

    def _drawn(self, row: Reading[str, str], key: str) -> datetime:
        month, weekday, hour = (
            row[name].strip() for name in (self._received.month, self._received.weekday, self._received.hour)
        )
        try:
            days = _days(month, weekday)
            at = time(int(hour))
        except ValueError:
            raise Unreadable(f"date illisible « {month[:20]} {weekday[:20]} {hour[:20]} »") from None
        past = [day for day in days if day <= self._now.astimezone(self._zone).date()] or days
        week = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % len(past)
        return datetime.combine(past[week], at)


@lru_cache(maxsize=5000)
def _parse(typed: str, shape: str) -> datetime:
    return datetime.strptime(typed, shape).replace(tzinfo=None)  # noqa: DTZ007 — local; the zone is given after


@lru_cache(maxsize=1000)
def _days(month: str, weekday: str) -> list[date]:
    """The days of a month (`2022-01`) that are this weekday."""
    year, number = (int(part) for part in month.split("-"))
    wanted = _WEEKDAYS.index(fold(weekday))
    days = [date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1)]
    return [day for day in days if day.weekday() == wanted]
