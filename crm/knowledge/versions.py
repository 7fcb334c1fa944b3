"""A text's draft and what was published of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.revisions import RevisionCard, draft_of, history_of

REPLY, SNIPPET = "reply", "snippet"


@dataclass(frozen=True, slots=True)
class Versions:
    """The draft of a thing and what was published of it, the latest first."""

    draft: RevisionCard | None
    history: tuple[RevisionCard, ...]

    @property
    def seen(self) -> int:
        """What a form made from it has seen: see `crm.revisions.seen_of`."""
        last = self.draft or next(iter(self.history), None)
        return last.edits if last else 0

    def numbered(self, number: int) -> RevisionCard | None:
        return next((card for card in self.history if card.number == number), None)


def versions_of(session: Session, subject: str, key: str) -> Versions:
    return Versions(draft_of(session, subject, key), tuple(history_of(session, subject, key)))
