"""What a contact was: ways to reach it no longer has, contacts merged into it and parted from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.contacts.models import Contact, ContactMerge, FormerPoint
from crm.contacts.names import display_name


@dataclass(frozen=True, slots=True)
class FormerLine:
    """A way to reach that was withdrawn."""

    kind: str
    raw: str
    was_verified: bool
    withdrawn_at: datetime
    withdrawn_by_id: int | None


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One merge, standing or undone.

    Args:
        absorbed_name: as it was called; its sheet shows the other's since.
        moved: "table.column" → how many rows followed.
    """

    id: int
    survivor_id: int
    absorbed_id: int
    absorbed_name: str
    reason: str
    merged_at: datetime
    merged_by_id: int | None
    undone_at: datetime | None
    undone_by_id: int | None
    undone_reason: str
    moved: dict[str, int]


def former_points(session: Session, contact_id: int) -> list[FormerLine]:
    """The latest withdrawn first."""
    kept = sa.select(
        FormerPoint.kind, FormerPoint.raw, FormerPoint.was_verified, FormerPoint.withdrawn_at,
        FormerPoint.withdrawn_by_id,
    )  # fmt: skip
    rows = session.execute(
        kept.where(FormerPoint.contact_id == contact_id).order_by(FormerPoint.id.desc()).limit(50)
    )
    return [FormerLine(*row) for row in rows]


def merges_of(session: Session, contact_id: int) -> list[MergeLine]:
    """What was merged into this contact, or parted from it since, the latest first."""
    rows = session.execute(
        sa.select(ContactMerge, Contact)
        .join(Contact, Contact.id == ContactMerge.absorbed_id)
        .where(ContactMerge.survivor_id == contact_id)
        .order_by(ContactMerge.id.desc())
        .limit(50)
    ).all()
    return [_line(merge, gone) for merge, gone in rows]


def _line(merge: ContactMerge, gone: Contact) -> MergeLine:
    return MergeLine(
        id=merge.id,
        survivor_id=merge.survivor_id,
        absorbed_id=merge.absorbed_id,
        absorbed_name=display_name(gone.kind, gone.first_name, gone.family_name, gone.organization_name),
        reason=merge.reason,
        merged_at=merge.merged_at,
        merged_by_id=merge.merged_by_id,
        undone_at=merge.undone_at,
        undone_by_id=merge.undone_by_id,
        undone_reason=merge.undone_reason,
        moved={name: len(keys) for name, keys in merge.moved.get("rows", {}).items()},
    )
