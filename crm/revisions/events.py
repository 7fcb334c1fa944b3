"""What happens to versions. Codes and ids only; `subject_id` is the version's id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionPublished(Event):
    """A new version takes the place of the one before."""

    subject_kind: ClassVar[str] = "revision"
    kind: ClassVar[str] = "revision.published"
    subject: str
    number: int
