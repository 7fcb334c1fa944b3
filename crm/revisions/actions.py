"""A draft is written, left, or becomes the next version. The rooms that own them put versions to work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.foundation import Conflict, Invalid, NotFound, UnitOfWork, clean
from crm.revisions.events import RevisionPublished
from crm.revisions.models import Revision
from crm.revisions.queries import latest_of

LONGEST_NOTE = 2000


def write_draft(
    uow: UnitOfWork,
    subject: str,
    key: str,
    content: Mapping[str, Any],
    *,
    edits: int,
    now: Mapping[str, Any] | None = None,
) -> int:
    """Begins the draft of a thing, or changes it; returns its `edits`.

    Args:
        content: the whole of it, in JSON's types, checked by its room.
        edits: what the form saw: 0 where it saw no draft.
        now: what is in force, kept as version 0 when nothing was changed on screen yet; None: a new thing.

    Raises:
        Conflict: a colleague changed the draft meanwhile (`edits`: of theirs; 0: it is gone).
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    latest = latest_of(uow.session, subject, key)
    if latest is None and now is not None:
        first = {"number": 0, "content": dict(now), "written_by": None, "edits": 0}
        uow.session.execute(_insert(uow, subject, key, 0, first).on_conflict_do_nothing())
    if not edits:
        base, seen = (latest.number or 0, latest.edits) if latest else (0, 0)
        begun = {"content": dict(content), "written_by": uow.actor.id, "edits": seen + 1}
        added = _insert(uow, subject, key, base, begun).on_conflict_do_nothing().returning(Revision.id)
        if uow.session.scalar(added) is None:
            raise Conflict(edits=_hold(uow, subject, key).edits)
        return seen + 1
    draft = _hold(uow, subject, key, edits)
    draft.content, draft.edits = dict(content), draft.edits + 1
    draft.written_by, draft.written_at = uow.actor.id, uow.now
    return draft.edits


def drop_draft(uow: UnitOfWork, subject: str, key: str) -> None:
    """What is in force stays. Nothing to drop is no mistake."""
    require(uow.actor, Permission.CONTENT_EDIT)
    mine = sa.and_(Revision.subject == subject, Revision.key == key)
    gone = sa.delete(Revision).where(mine, Revision.number.is_(None)).returning(Revision.edits)
    if edits := uow.session.scalar(
        gone
    ):  # counting goes on: an old form never takes the next draft for its own
        last = sa.select(sa.func.max(Revision.number)).where(mine).scalar_subquery()
        uow.session.execute(sa.update(Revision).where(mine, Revision.number == last).values(edits=edits))


def publish_draft(uow: UnitOfWork, subject: str, key: str, *, note: str, edits: int) -> Mapping[str, Any]:
    """The draft becomes the next version; returns its content, for its room to put to work in this same unit.

    Args:
        note: why, for whoever reads the history; compulsory.
        edits: of the draft that was tried.

    Raises:
        Conflict: a colleague changed the draft, dropped it (`edits` 0), or published one begun before it
            (`version`).
        Invalid: no note, or nothing changed.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = _hold(uow, subject, key, edits)
    latest = latest_of(uow.session, subject, key)
    if latest is not None and (latest.number or 0) != draft.based_on:
        raise Conflict(version=latest.number)
    if not clean(note):
        raise Invalid({"note": "required"})
    if latest is not None and latest.content == draft.content:
        raise Invalid({"note": "nothing_changed"})
    draft.number = draft.based_on + 1
    draft.note, draft.written_by, draft.written_at = clean(note)[:LONGEST_NOTE], uow.actor.id, uow.now
    uow.session.flush()
    uow.record(RevisionPublished(subject_id=draft.id, subject=subject, number=draft.number))
    return draft.content


def _hold(uow: UnitOfWork, subject: str, key: str, edits: int | None = None) -> Revision:
    mine = sa.select(Revision).where(Revision.subject == subject, Revision.key == key)
    held = mine.where(Revision.number.is_(None)).with_for_update()
    draft = uow.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if draft is None:
        raise Conflict(edits=0) if edits else NotFound(subject=subject, key=key)
    if edits is not None and draft.edits != edits:
        raise Conflict(edits=draft.edits)
    return draft


def _insert(uow: UnitOfWork, subject: str, key: str, base: int, values: Mapping[str, Any]) -> Any:
    return insert(Revision).values(
        {"subject": subject, "key": key, "based_on": base, "written_at": uow.now, **values}
    )
