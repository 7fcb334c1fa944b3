"""What happens to the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLoaded(Event):
    """The files were taken in. `subject_id` is 0: the catalogue is one."""

    kind: ClassVar[str] = "catalogue.loaded"
    subject_kind: ClassVar[str] = "catalogue"
    domains: int
    categories: int
    questions: int
    dangers: int
    retired: int
