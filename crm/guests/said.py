"""What comes back by a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.guests.purposes import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """
    Args:
        name: who answers: a link may have been forwarded.
        files: tokens of the photos that prove the work.
        no_photo: why there is none, where the category asks for one.
    """

    answer: Answer
    name: str
    text: str = ""
    planned_on: date | None = None
    files: tuple[str, ...] = ()
    no_photo: str = ""
