"""A month, as an address names it."""

from __future__ import annotations

from datetime import date

from crm.foundation import PARIS
from crm.http import wiring


def month_of(typed: str) -> date:
    """Its first day, of `2026-09`; or this month's."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return wiring().clock.now().astimezone(PARIS).date().replace(day=1)
