"""When a telephone is left in peace: what the programme sends by itself waits for the morning. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from crm.foundation import PARIS

_FROM, _UNTIL = 20, 8  # hours of Paris
_SUNDAY = 6


def peace_left(now: datetime) -> timedelta:
    """How long an automatic SMS waits: not from 20 h to 8 h, nor on Sundays."""
    local = now.astimezone(PARIS)
    if local.weekday() != _SUNDAY and _UNTIL <= local.hour < _FROM:
        return timedelta()
    day = local.date() + timedelta(days=1 if local.hour >= _FROM else 0)
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(_UNTIL), tzinfo=PARIS).astimezone(now.tzinfo) - now
