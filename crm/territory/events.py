"""What happens to the territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryLoaded(Event):
    """A file of the territory was taken in. `subject_id` is 0: the territory is one."""

    kind: ClassVar[str] = "territory.loaded"
    subject_kind: ClassVar[str] = "territory"
    part: str  # communes, sectors, streets or addresses
    rows: int
    changed: int
    refused: int
