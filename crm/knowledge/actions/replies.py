"""A reply template is drafted, then published; removed, the more general one speaks in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.catalogue import catalogue
from crm.foundation import Invalid, UnitOfWork, clean
from crm.knowledge.checking import faults, faults_of_use
from crm.knowledge.models import ReplyTemplateRow
from crm.knowledge.queries import reply_templates, text_in_force
from crm.knowledge.standing_in import stand_in
from crm.knowledge.templates import ReplyTemplate, Use, columns_of, key_of, text_for_use
from crm.knowledge.versions import REPLY
from crm.revisions import publish_draft, write_draft


def write_reply(uow: UnitOfWork, text: ReplyTemplate, *, seen: int, is_used: bool = True) -> int:
    """Keeps it as a draft, faults and all: they only stand in the way of publishing.

    Returns what is seen of it from now on.

    Args:
        is_used: False: the draft removes the text.

    Raises:
        Conflict: see `crm.revisions`.
        Invalid: it is for something that does not exist.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    if any(faults_of_use(text.use, catalogue(uow.session))):
        raise Invalid({"use": "unknown"})
    now = text_in_force(uow.session, text.use)
    return write_draft(
        uow,
        REPLY,
        key_of(text.use),
        as_kept(text, is_used=is_used),
        seen=seen,
        now=as_kept(now) if now else None,
    )


def publish_reply(uow: UnitOfWork, use: Use, *, note: str, seen: int) -> None:
    """From now on messages are made of it; those already queued keep their words.

    Raises:
        Conflict: the draft is not the one that was tried.
        Invalid: no note, nothing changed, a text that may not leave, or no other text in place of this one.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    key = key_of(use)
    content = publish_draft(uow, REPLY, key, note=note, seen=seen)
    text, known = from_kept(use, content), catalogue(uow.session)
    if content["is_used"] and any(faults(text, known)):
        raise Invalid({"body": "to_correct"})
    removed = not content["is_used"] and not use.language  # without its translation, the French stands
    if removed and stand_in(reply_templates(uow.session, text.message), use, known) is None:
        raise Invalid({"note": "nothing_instead"})
    _put_to_work(uow, text, is_used=content["is_used"])


def as_kept(text: ReplyTemplate, *, is_used: bool = True) -> dict[str, Any]:
    return {"subject": clean(text.subject), "body": clean(text.body), "is_used": is_used}


def from_kept(use: Use, content: Mapping[str, Any]) -> ReplyTemplate:
    return text_for_use(use, subject=content["subject"], body=content["body"])


def _put_to_work(uow: UnitOfWork, text: ReplyTemplate, *, is_used: bool) -> None:
    use = columns_of(text.use)
    mine = sa.select(ReplyTemplateRow).filter_by(**use).order_by(ReplyTemplateRow.is_active.desc()).limit(1)
    row = uow.session.scalars(mine).one_or_none()
    if row is None:
        row = ReplyTemplateRow(**use)
        uow.session.add(row)
    row.subject, row.body, row.is_active = text.subject, text.body, is_used
