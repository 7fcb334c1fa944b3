"""What happens at the door of a resident's space. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceLinkAsked(Event):
    """Somebody gave an address that is known: a link leaves for it."""

    kind: ClassVar[str] = "space.link_asked"
    subject_kind: ClassVar[str] = "space_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceEntered(Event):
    kind: ClassVar[str] = "space.entered"
    subject_kind: ClassVar[str] = "space_visit"
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceLeft(Event):
    kind: ClassVar[str] = "space.left"
    subject_kind: ClassVar[str] = "space_visit"
