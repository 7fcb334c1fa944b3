"""What an administrator changes on screen: drafts, publications with a note, every version before."""

from crm.revisions.actions import drop_draft, publish_draft, write_draft
from crm.revisions.events import RevisionPublished
from crm.revisions.models import Revision
from crm.revisions.queries import (
    RevisionCard,
    draft_of,
    drafts_of,
    history_of,
    latest_of,
    published_keys,
    seen_of,
)

__all__ = [
    "Revision", "RevisionCard", "RevisionPublished", "draft_of", "drafts_of", "drop_draft", "history_of",
    "latest_of", "publish_draft", "published_keys", "seen_of", "write_draft",
]  # fmt: skip
