"""What happens to the decision table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPublished(Event):
    """A new version of the rules is in force. `subject_id` is the table's id."""

    kind: ClassVar[str] = "routing.published"
    subject_kind: ClassVar[str] = "routing_table"
    version: int
    rules: int
