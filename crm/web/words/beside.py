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

    Where a more general French text serves, the translation is that one's: another would not leave.

    None for a message to other bodies.
    """
    if use.message in ELSEWHERE:
        return None
    texts, (known, _index) = reply_templates(session, use.message), wiring().rulebooks.categories()
    above = use._replace(language="")
    serving = winner(texts, above, known)
    if serving is not None and not use.language and kept.draft is None:
        above = serving.use
    other = above if use.language else above._replace(language="en")
    found, theirs = winner(texts, other, known), versions_of(session, REPLY, key_of(other))
    if use.language:
        french, english = theirs, kept
    else:
        french, english = kept if above == use else versions_of(session, REPLY, key_of(above)), theirs
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
