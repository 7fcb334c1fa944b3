"""Read the facts: the timeline of one thing, and the audit of them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import EventRow


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One fact, with codes and ids as they were recorded."""

    id: int
    at: datetime
    kind: str
    subject_kind: str
    subject_id: int
    actor_kind: str
    actor_id: int | None
    organization_id: int | None
    data: dict[str, Any]


_ENTRY = sa.select(
    EventRow.id, EventRow.at, EventRow.kind, EventRow.subject_kind, EventRow.subject_id, EventRow.actor_kind,
    EventRow.actor_id, EventRow.organization_id, EventRow.data,
)  # fmt: skip


# The latest fact there is: what was counted before it may be counted again.
LAST_EVENT: sa.Label[int | None] = sa.select(sa.func.max(EventRow.id)).scalar_subquery().label("last_event")


def timeline(
    session: Session, subject_kind: str, subject_id: int, *, limit: int = 500, without: Collection[str] = ()
) -> list[TrailEntry]:
    """What happened to one thing, oldest first; the latest `limit` facts when there are more.

    Args:
        without: kinds that are left out.
    """
    kept = _ENTRY.where(EventRow.subject_kind == subject_kind, EventRow.subject_id == subject_id)
    if without:
        kept = kept.where(EventRow.kind.not_in(without))
    query = kept.order_by(EventRow.id.desc()).limit(limit)
    return [_entry(row) for row in session.execute(query)][::-1]


def without_taken_back(entries: Sequence[TrailEntry]) -> list[TrailEntry]:
    """For the resident, what an agent took back before it left never was."""
    back = {entry.data.get("interaction_id") for entry in entries if entry.kind == "case.taken_back"}
    return [entry for entry in entries if not back or entry.data.get("interaction_id") not in back]


def last_fact(session: Session, subject_kind: str, subject_id: int, *, kind: str = "") -> int:
    """The id of the latest fact about one thing, of one kind when it is given; 0 when there is none."""
    query = sa.select(sa.func.max(EventRow.id)).where(
        EventRow.subject_kind == subject_kind, EventRow.subject_id == subject_id
    )
    if kind:
        query = query.where(EventRow.kind == kind)
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilters:
    """What to keep of all the facts; an empty filter keeps everything.

    Args:
        since, until: moments, aware; `until` is left out.
    """

    kinds: Sequence[str] = ()
    actor_kind: str | None = None
    actor_id: int | None = None
    organization_id: int | None = None
    subject_kind: str | None = None
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`before_id` asks for the page after this one; None on the last."""

    entries: list[TrailEntry]
    before_id: int | None


def audit(
    session: Session, filters: AuditFilters, *, before_id: int | None = None, limit: int = 50
) -> AuditPage:
    """All facts, latest first, by pages that do not get slower as one goes back."""
    query = _ENTRY.where(*_conditions(filters))
    if before_id is not None:
        query = query.where(EventRow.id < before_id)
    rows = session.execute(query.order_by(EventRow.id.desc()).limit(limit + 1)).all()
    entries = [_entry(row) for row in rows[:limit]]
    return AuditPage(entries, entries[-1].id if len(rows) > limit else None)


def _conditions(filters: AuditFilters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.kinds:
        conditions.append(EventRow.kind.in_(filters.kinds))
    for column, wanted in (
        (EventRow.actor_kind, filters.actor_kind),
        (EventRow.actor_id, filters.actor_id),
        (EventRow.organization_id, filters.organization_id),
        (EventRow.subject_kind, filters.subject_kind),
        (EventRow.subject_id, filters.subject_id),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if filters.since is not None:
        conditions.append(EventRow.at >= filters.since)
    if filters.until is not None:
        conditions.append(EventRow.at < filters.until)
    return conditions


def _entry(row: sa.Row[Any]) -> TrailEntry:
    return TrailEntry(**row._asdict())
