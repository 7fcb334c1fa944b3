"""What happened to the files of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileEvent(Event):
    """Args: `attachment_ids`: those of one sending; `count`: how many they are."""

    subject_kind: ClassVar[str] = "case"
    attachment_ids: list[int]
    count: int
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesReceived(_FileEvent):
    """The usager gave them, themself or by an agent."""

    kind: ClassVar[str] = "files.received"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesAdded(_FileEvent):
    """An agent added them."""

    kind: ClassVar[str] = "files.added"
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesWithdrawn(_FileEvent):
    """An agent took them out, for the motive that the exchange holds: a job takes their bytes away."""

    kind: ClassVar[str] = "files.withdrawn"
