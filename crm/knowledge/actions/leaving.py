"""A draft of words is thrown away; what is in force stays."""

from __future__ import annotations

from crm.access import Permission, require
from crm.foundation import Conflict, UnitOfWork
from crm.knowledge.versions import Seen
from crm.revisions import draft_of, drop_draft


def leave_draft(uow: UnitOfWork, subject: str, key: str, *, seen: Seen) -> None:
    """
    Raises:
        Conflict: a colleague changed it meanwhile, and did not mean to lose that.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = draft_of(uow.session, subject, key)
    if draft is not None and draft.edits != seen.edits:
        raise Conflict(edits=draft.edits)
    drop_draft(uow, subject, key)
