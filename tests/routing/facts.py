"""Facts and rules that say only what matters to the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.foundation import PARIS
from crm.routing import Facts, Rule

TUESDAY = datetime(2026, 9, 15, 10, tzinfo=PARIS)


@dataclass(frozen=True, slots=True)
class Service:
    """A unit, as far as a decision is concerned."""

    id: int
    is_active: bool = True
    insee: str | None = None
    operation: str = "in_house"
    email: str = "service@rivebois.example"


UNITS = {number: Service(number) for number in range(1, 10)}


def some_facts(**said: Any) -> Facts:
    """A pothole in commune 99001, told by phone on a Tuesday morning; `said` tells otherwise."""
    known: dict[str, Any] = {
        "category_code": "VOIR-01",
        "domain_code": "VOIR",
        "insee": "99001",
        "sector_code": None,
        "road_owner": "public",
        "place_kind": "exact",
        "inside": True,
        "channel": "phone",
        "answers": {},
        "received_at": TUESDAY,
    }
    return Facts(**{**known, **said})


def some_rule(position: int = 1, **said: Any) -> Rule:
    """A rule that accepts everything and entrusts it to unit 1; `said` tells otherwise."""
    return Rule(**{"id": position, "position": position, "decision": "route", "unit_id": 1, **said})
