"""What happens to contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCreated(Event):
    kind: ClassVar[str] = "contact.created"
    subject_kind: ClassVar[str] = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdited(Event):
    """Details were corrected, or ways to reach were added or withdrawn."""

    kind: ClassVar[str] = "contact.edited"
    subject_kind: ClassVar[str] = "contact"
    points_added: int = 0
    points_dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSeen(Event):
    """An agent opened the usager's sheet."""

    kind: ClassVar[str] = "contact.seen"
    subject_kind: ClassVar[str] = "contact"
