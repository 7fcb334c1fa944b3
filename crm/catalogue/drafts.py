"""A category, a danger or an outcome as its screen shows it: its draft, else what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from crm.catalogue.contents import content_in
from crm.catalogue.queries import catalogue
from crm.catalogue.shapes import Catalogue
from crm.foundation import NotFound
from crm.revisions import RevisionCard, draft_of, latest_of


@dataclass(frozen=True, slots=True)
class Working:
    """
    Args:
        content: of the draft, else what is in force.
        in_force: None for what was never published.
        draft: None when there is none.
        known: the catalogue of that day, without the draft.
        seen: what a form made from it has seen: see `crm.revisions.seen_of`.
    """

    subject: str
    code: str
    content: Mapping[str, Any]
    in_force: Mapping[str, Any] | None
    draft: RevisionCard | None
    known: Catalogue
    seen: int


def working(session: Session, subject: str, code: str, on: date) -> Working:
    """
    Args:
        subject: `category`, `danger` or `outcome`.

    Raises:
        NotFound: neither in force nor drafted.
    """
    known = catalogue(session, on)
    draft, latest = draft_of(session, subject, code), latest_of(session, subject, code)
    now = latest.content if latest and latest.number else content_in(known, subject, code)
    content = draft.content if draft else now
    if content is None:
        raise NotFound(subject=subject, code=code)
    last = draft or latest
    return Working(subject, code, content, now, draft, known, last.edits if last else 0)
