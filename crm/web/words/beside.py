"""The same text in the other language, beside the one that is read or written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from crm.http import wiring
from crm.knowledge import (
    ELSEWHERE,
    REPLY,
    ReplyTemplate,
    Use,
    Versions,
    key_of,
    reply_templates,
    versions_of,
    winner,
)
from crm.web.words.asked import address_of

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Beside:
    """`is_own`: written for this very use; `is_behind`: the French was published after its translation."""

    address: dict[str, str]
    text: ReplyTemplate | None
    is_own: bool
    is_behind: bool
    has_draft: bool


def beside_of(session: Session, use: Use, kept: Versions) -> Beside | None:
    """The French above a translation, the translation below a French text.

    None for a message to other bodies.
    """
    if use.message in ELSEWHERE:
        return None
    other = use._replace(language="" if use.language else "en")
    known, _index = wiring().rulebooks.categories()
    found = winner(reply_templates(session, use.message), other, known)
    theirs = versions_of(session, REPLY, key_of(other))
    french, english = (theirs, kept) if use.language else (kept, theirs)
    return Beside(
        address=address_of(other),
        text=found,
        is_own=found is not None and found.use == other,
        is_behind=_changed_at(french) > _changed_at(english),
        has_draft=theirs.draft is not None,
    )


def _changed_at(kept: Versions) -> datetime:
    """When what is in force was published on screen; never, for what a file says."""
    return kept.history[0].written_at if kept.history else _NEVER
