"""One button pressed on the ground, as a telephone sends it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

UNLED = "unled"  # no unit leads the demand (any more): nobody was called


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What a telephone sends of one place.

    Args:
        key: made by the telephone: the same twice is one.
        number: of the order; None: the case itself.
        act: one of ACTS.
        words: all that it says, in a sentence: the report, or the note that is left of it.
        note: what was typed.
        pressed_at: by the telephone's own clock; None: now.
        metres: how far from the place, about; None: the agent did not say.
        before, after: photos, by their tokens.
    """

    key: str
    reference: str
    number: int | None
    act: str
    seen_version: int
    words: str
    note: str = ""
    planned_on: date | None = None
    no_photo: str = ""
    pressed_at: datetime | None = None
    metres: int | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a save; a second sending is told the same.

    Args:
        is_done: else it was kept as a note.
        why: it was not done: "moved", or the reason of the refusal. UNLED, done or not: somebody should know,
            and nobody was told.
        again: it had arrived before.
    """

    is_done: bool
    why: str
    version: int
    again: bool = False


def true_hour(pressed_at: datetime | None, asked_at: datetime, now: datetime) -> datetime:
    """A telephone's clock may be wrong: never before it was asked, nor after now."""
    return now if pressed_at is None else min(max(pressed_at, asked_at), now)
