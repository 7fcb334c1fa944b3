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
from crm.revisions.queries import latest_of, seen_of

LONGEST_NOTE = 2000


def write_draft(
    uow: UnitOfWork,
    subject: str,
    key: str,
    content: Mapping[str, Any],
    *,
    seen: int,
    now: Mapping[str, Any] | None = None,
    note: str = "",
) -> int:
    """Begins the draft of a thing, or changes it; returns the `edits` that whoever goes on has seen.

    Args:
        content: the whole of it, in JSON's types, checked by its room.
        seen: see `seen_of`.
        now: what is in force, kept as version 0 when nothing was changed on screen yet; None: a new thing.
        note: why it is begun, proposed again when it is published.

    Raises:
        Conflict: a colleague wrote, published or dropped meanwhile (`seen`: what there is to see now).
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    last = _hold(uow, subject, key, seen)
    if last is not None and last.number is None:
        last.content, last.edits = dict(content), seen + 1
        last.written_by, last.written_at = uow.actor.id, uow.now
        return last.edits
    if last is None and now is not None:
        first = {"number": 0, "content": dict(now), "written_by": None, "edits": 0}
        uow.session.execute(_insert(uow, subject, key, 0, first))
    base = (last.number or 0) if last else 0
    begun = {"content": dict(content), "written_by": uow.actor.id, "edits": seen + 1, "note": note}
    added = _insert(uow, subject, key, base, begun).returning(Revision.id)
    if uow.session.scalar(added) is None:  # two began at once
        raise Conflict(seen=seen_of(uow.session, subject, key))
    return seen + 1


def drop_draft(uow: UnitOfWork, subject: str, key: str, *, seen: int) -> None:
    """What is in force stays. Nothing to drop is no mistake.

    Raises:
        Conflict: a colleague changed it meanwhile, and did not mean to lose that.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = _hold(uow, subject, key, seen)
    if draft is None or draft.number is not None:
        return
    uow.session.delete(draft)
    uow.session.flush()
    if latest := uow.session.scalar(_newest_first(subject, key)):
        latest.edits = seen + 1  # counting goes on: an old form never takes the next draft for its own


def publish_draft(uow: UnitOfWork, subject: str, key: str, *, note: str, seen: int) -> Mapping[str, Any]:
    """The draft becomes the next version; returns its content, for its room to put to work in this same unit.

    Args:
        note: why, for whoever reads the history; compulsory.
        seen: of the draft that was tried.

    Raises:
        NotFound: no draft.
        Conflict: a colleague changed the draft, published it or dropped it.
        Invalid: no note, or nothing changed.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    draft = _hold(uow, subject, key, seen)
    if draft is None or draft.number is not None:
        raise NotFound(subject=subject, key=key)
    if not clean(note):
        raise Invalid({"note": "required"})
    latest = latest_of(uow.session, subject, key)
    if latest is not None and latest.content == draft.content:
        raise Invalid({"note": "nothing_changed"})
    draft.number, draft.edits = draft.based_on + 1, seen + 1
    draft.note, draft.written_by, draft.written_at = clean(note)[:LONGEST_NOTE], uow.actor.id, uow.now
    uow.session.flush()
    uow.record(RevisionPublished(subject_id=draft.id, subject=subject, number=draft.number))
    return draft.content


def _hold(uow: UnitOfWork, subject: str, key: str, seen: int) -> Revision | None:
    """The draft, else the version in force, else nothing: exactly what was seen, and nobody else's until
    this unit ends."""
    held = _newest_first(subject, key).with_for_update().execution_options(populate_existing=True)
    last = uow.session.scalar(held)
    if (last.edits if last else 0) != seen:
        raise Conflict(seen=last.edits if last else 0)
    return last


def _newest_first(subject: str, key: str) -> sa.Select[Revision]:
    mine = sa.select(Revision).where(Revision.subject == subject, Revision.key == key)
    return mine.order_by(Revision.number.desc().nulls_first()).limit(1)


def _insert(uow: UnitOfWork, subject: str, key: str, base: int, values: Mapping[str, Any]) -> Any:
    row = {"subject": subject, "key": key, "based_on": base, "written_at": uow.now, **values}
    return insert(Revision).values(row).on_conflict_do_nothing()
