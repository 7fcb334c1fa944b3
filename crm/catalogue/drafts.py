"""A category or a danger as its screen shows it: its draft, else what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.catalogue.contents import DANGER, category_content, danger_content
from crm.catalogue.queries import catalogue
from crm.catalogue.shapes import Catalogue
from crm.foundation import NotFound
from crm.revisions import draft_of, latest_of


@dataclass(frozen=True, slots=True)
class Working:
    """
    Args:
        in_force: None for what was never published.
        edits: of the draft; 0: there is none, `content` is what is in force.
    """

    subject: str
    code: str
    content: Mapping[str, Any]
    in_force: Mapping[str, Any] | None
    edits: int = 0
    written_by: int | None = None
    written_at: datetime | None = None


def working(session: Session, subject: str, code: str, on: date) -> Working:
    """
    Args:
        subject: `category` or `danger`.

    Raises:
        NotFound: neither in force nor drafted.
    """
    now = in_force(session, catalogue(session, on), subject, code)
    draft = draft_of(session, subject, code)
    if draft is not None:
        return Working(subject, code, draft.content, now, draft.edits, draft.written_by, draft.written_at)
    if now is None:
        raise NotFound(subject=subject, code=code)
    return Working(subject, code, now, now)


def in_force(session: Session, known: Catalogue, subject: str, code: str) -> Mapping[str, Any] | None:
    """What was last published on screen, else what the files say."""
    latest = latest_of(session, subject, code)
    if latest is not None and latest.number:
        return latest.content
    if subject == DANGER:
        danger = known.danger(code)
        position = known.dangers.index(danger) + 1 if danger else 0
        return {**danger_content(danger), "position": position} if danger else None
    category = known.category(code)
    return category_content(category) if category else None
