"""Cases and what happened to them, as partners' machines list them: nothing but what anybody may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.foundation import Actor, EventRow
from crm.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class PublicRow:
    """What is shown of a case, and what decides whether it is."""

    id: int
    reference: str
    state: CaseState
    outcome: str | None
    category_code: str | None
    answers: dict[str, Any]
    unit_id: int | None
    channel: str
    organization_id: int | None
    insee: str | None
    origin_insee: str | None
    responsible_insee: str | None
    readers: list[str] | None
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    announced_due_at: datetime | None
    lon: float | None
    lat: float | None
    priority: int
    made_safe_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases.

    Args:
        codes: categories that may be shown to anybody, and are wanted.
        wanted: categories wanted, of whoever sees more than anybody; all of them when empty.
        actor: their own cases, and those entrusted to their units, besides.
        references: these alone; then no date counts.
    """

    codes: Sequence[str]
    wanted: Sequence[str] = ()
    actor: Actor | None = None
    references: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool | None = None


_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C
_ROW = [_C[field.name] for field in fields(PublicRow)]
_STATE = [field.name for field in fields(PublicRow)].index("state")


def public_cases(session: Session, asked: Asked, *, limit: int, skip: int = 0) -> list[PublicRow]:
    """The latest received first. One statement."""
    query = sa.select(*_ROW).where(_shown(asked))
    if asked.references:
        query = query.where(_C.reference.in_(asked.references))
    else:
        query = query.where(_C.received_at >= asked.since, _C.received_at < asked.until)
        if asked.is_open is not None:
            query = query.where(_C.closed_at.is_(None) if asked.is_open else _C.closed_at.is_not(None))
    latest = query.order_by(_C.received_at.desc(), _C.id.desc()).limit(limit).offset(skip)
    return [_row(row) for row in session.execute(latest)]


def _shown(asked: Asked) -> sa.ColumnElement[bool]:
    """Sensitive categories stay out, but for whoever brought or does them; restricted cases for everybody."""
    known = sa.and_(_C.category_code.in_(asked.codes), _C.readers.is_(None))
    if asked.actor is None or asked.actor.organization_id is None:
        return known
    ours = sa.and_(_C.organization_id == asked.actor.organization_id, _C.readers.is_(None))
    brought = sa.and_(_C.channel == "partner_api", ours)
    theirs = sa.or_(brought, visible(asked.actor, _SEEN))
    if asked.wanted:
        theirs = sa.and_(_C.category_code.in_(asked.wanted), theirs)
    return sa.or_(known, theirs)


def _row(row: Sequence[Any]) -> PublicRow:
    values = list(row)
    values[_STATE] = CaseState(values[_STATE])
    return PublicRow(*values)


@dataclass(frozen=True, slots=True)
class PublicFact:
    """Something that happened, and the case as it is now."""

    entry: TrailEntry
    case: PublicRow


_FACT = (
    EventRow.id, EventRow.at, EventRow.kind, EventRow.subject_kind, EventRow.subject_id, EventRow.actor_kind,
    EventRow.actor_id, EventRow.organization_id.label("by_organization_id"), EventRow.data,
)  # fmt: skip


def public_facts(
    session: Session,
    asked: Asked,
    kinds: Sequence[str],
    *,
    settled_for: timedelta,
    now: datetime,
    limit: int,
    skip: int = 0,
) -> list[PublicFact]:
    """What happened in a period to the cases asked for, oldest first. One statement.

    Args:
        settled_for: an agent may take back what is younger; what was taken back never was.
    """
    back = aliased(EventRow)
    taken_back = sa.exists().where(
        back.subject_kind == "case",
        back.subject_id == EventRow.subject_id,
        back.kind == "case.taken_back",
        back.data["interaction_id"] == EventRow.data["interaction_id"],
    )
    query = (
        sa.select(*_FACT, *_ROW)
        .join(Case, Case.id == EventRow.subject_id)
        .where(
            EventRow.subject_kind == "case",
            EventRow.kind.in_(kinds),
            EventRow.at <= now - settled_for,
            _shown(asked),
            sa.not_(taken_back),
        )
    )
    if asked.references:
        query = query.where(_C.reference.in_(asked.references))
    if asked.since is not None:
        query = query.where(EventRow.at >= asked.since)
    if asked.until is not None:
        query = query.where(EventRow.at < asked.until)
    rows = session.execute(query.order_by(EventRow.at, EventRow.id).limit(limit).offset(skip))
    cut = len(_FACT)
    return [PublicFact(TrailEntry(*row[:cut]), _row(row[cut:])) for row in map(tuple, rows)]
