"""Versions and drafts as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.revisions.models import Revision


@dataclass(frozen=True, slots=True)
class RevisionCard:
    """A version, or a draft when it has no number. `edits`: see `seen_of`."""

    key: str
    number: int | None
    based_on: int
    content: Mapping[str, Any]
    edits: int
    note: str
    written_by: int | None
    written_at: datetime


_CARD = sa.select(
    Revision.key,
    Revision.number,
    Revision.based_on,
    Revision.content,
    Revision.edits,
    Revision.note,
    Revision.written_by,
    Revision.written_at,
)


def draft_of(session: Session, subject: str, key: str) -> RevisionCard | None:
    return _one(session, subject, key, Revision.number.is_(None))


def latest_of(session: Session, subject: str, key: str) -> RevisionCard | None:
    """The version in force; None: nothing was ever changed on screen."""
    return _one(session, subject, key, Revision.number.is_not(None))


def seen_of(session: Session, subject: str, key: str) -> int:
    """What a form has seen of a thing: the `edits` of its draft, else of the version in force, else 0.

    Each write, publication and drop asks for it and makes it one higher: nobody overwrites a colleague
    unknowingly.
    """
    last = draft_of(session, subject, key) or latest_of(session, subject, key)
    return last.edits if last else 0


def drafts_of(session: Session, subject: str) -> dict[str, RevisionCard]:
    """Key → its draft, of every thing of this kind that has one."""
    rows = session.execute(_CARD.where(Revision.subject == subject, Revision.number.is_(None)))
    return {row.key: RevisionCard(*row) for row in rows}


def history_of(session: Session, subject: str, key: str) -> list[RevisionCard]:
    """Its versions, the latest first."""
    mine = _CARD.where(Revision.subject == subject, Revision.key == key, Revision.number.is_not(None))
    return [RevisionCard(*row) for row in session.execute(mine.order_by(Revision.number.desc()))]


def published_keys(session: Session, subject: str) -> frozenset[str]:
    """What was changed on screen: a load of files leaves it as it is."""
    mine = sa.select(Revision.key).where(Revision.subject == subject, Revision.number > 0)
    return frozenset(session.scalars(mine))


def _one(session: Session, subject: str, key: str, which: sa.ColumnElement[bool]) -> RevisionCard | None:
    mine = _CARD.where(Revision.subject == subject, Revision.key == key, which)
    row = session.execute(mine.order_by(Revision.number.desc()).limit(1)).one_or_none()
    return RevisionCard(*row) if row else None
