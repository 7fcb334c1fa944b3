"""Who is in their space, and which link is to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.space.actions import key_hash
from crm.space.models import SpaceLink, SpaceVisit


@dataclass(frozen=True, slots=True)
class Visit:
    id: int
    email: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LinkToSend:
    id: int
    email: str
    language: str


def visit_of(session: Session, key: str, now: datetime) -> Visit | None:
    """The visit that a browser's key opens, while it lasts."""
    query = sa.select(SpaceVisit.id, SpaceVisit.email, SpaceVisit.ends_at).where(
        SpaceVisit.key_hash == key_hash(key), SpaceVisit.ended_at.is_(None), SpaceVisit.ends_at > now
    )
    row = session.execute(query).one_or_none()
    return Visit(*row) if row else None


def link_to_send(session: Session, link_id: int, now: datetime) -> LinkToSend | None:
    """None when it was used meanwhile or is too old to be of use."""
    query = sa.select(SpaceLink.id, SpaceLink.email, SpaceLink.language).where(
        SpaceLink.id == link_id, SpaceLink.is_known, SpaceLink.used_at.is_(None), SpaceLink.ends_at > now
    )
    row = session.execute(query).one_or_none()
    return LinkToSend(*row) if row else None
