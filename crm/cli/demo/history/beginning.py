"""What there is at the start of a life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import Said
from crm.cli.demo.history.people import Person
from crm.cli.demo.history.places import Door
from crm.foundation import Actor


@dataclass(slots=True, kw_only=True)
class Beginning:
    """A demand as it comes in. `id` and `reference` are given once all have their order.

    Args:
        until: nothing is told later than that.
    """

    token: str
    said: Said
    door: Door | None
    person: Person | None
    answer_channel: str
    opener: Actor
    created_at: datetime
    until: datetime
    hint: str = ""
    kind: str = "report"
    is_twin: bool = False  # of a demand about the same thing at the same place
    id: int = 0
    reference: str = ""
    key: str = ""
