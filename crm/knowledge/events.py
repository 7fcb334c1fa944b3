"""What happens to the reply templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RepliesLoaded(Event):
    """The files were taken in. `subject_id` is 0: the collection is one."""

    kind: ClassVar[str] = "replies.loaded"
    subject_kind: ClassVar[str] = "replies"
    templates: int
    retired: int
