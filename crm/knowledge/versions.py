"""A text's draft and versions, and what a form saw of them: nobody overwrites a colleague unknowingly."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.foundation import Conflict
from crm.revisions import RevisionCard, draft_of, history_of, latest_of

REPLY, SNIPPET = "reply", "snippet"


@dataclass(frozen=True, slots=True)
class Seen:
    """
    Args:
        version: the one in force; 0: nothing was published on screen.
        edits: how often its draft had been changed; 0: no draft.
    """

    version: int = 0
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Versions:
    """The draft of a thing and what was published of it, the latest first."""

    draft: RevisionCard | None
    history: tuple[RevisionCard, ...]

    @property
    def seen(self) -> Seen:
        version = (self.history[0].number or 0) if self.history else 0
        return Seen(version, self.draft.edits if self.draft else 0)

    def numbered(self, number: int) -> RevisionCard | None:
        return next((card for card in self.history if card.number == number), None)


def versions_of(session: Session, subject: str, key: str) -> Versions:
    return Versions(draft_of(session, subject, key), tuple(history_of(session, subject, key)))


def check_version(session: Session, subject: str, key: str, seen: Seen) -> None:
    """
    Raises:
        Conflict: a colleague published another since (`version`): a draft of theirs may look like ours.
    """
    latest = latest_of(session, subject, key)
    version = (latest.number or 0) if latest else 0
    if version != seen.version:
        raise Conflict(version=version)
