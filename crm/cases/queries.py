"""Reads of cases: frozen rows for screens, within the actor's reach, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, not_barred, visible
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.lists.waiting_words import WRITTEN_TO, waiting_count
from crm.cases.models import Case
from crm.cases.together.models import Incident
from crm.foundation import PARIS, Actor

WORK_ENDED = "interventions-faites"
COUNTED_UP_TO = 1000  # beyond, a list says « 1000+ » rather than count
_TITLE = 140


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a work list."""

    id: int
    reference: str
    title: str
    category_code: str | None
    state: CaseState
    priority: int
    place_label: str
    insee: str | None
    unit_id: int | None
    accepted_by_id: int | None
    due_at: datetime
    planned_on: date | None
    received_at: datetime
    reopen_count: int
    bounce_count: int
    follower_count: int
    open_order_count: int
    work_ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ends: keyset on due date and id, so that page 2000 costs what page 1 costs."""

    due_at: datetime
    id: int


_C = cast(sa.Table, Case.__table__).c  # plain columns: an entity's cost as much as the statement itself
_SEEN: Any = _C
_ME = sa.bindparam("me", type_=sa.BigInteger)
_STATE = [f.name for f in fields(CaseLine)].index("state")
LINE = sa.select(
    _C.id,
    _C.reference,
    sa.func.left(_C.object, _TITLE).label("title"),
    _C.category_code,
    _C.state,
    _C.priority,
    _C.place_label,
    _C.insee,
    _C.unit_id,
    _C.accepted_by_id,
    _C.due_at,
    _C.planned_on,
    _C.received_at,
    _C.reopen_count,
    _C.bounce_count,
    _C.follower_count,
    _C.open_order_count,
    _C.work_ended_at,
)
# Written into the statement: as parameters they would be laid out anew at each execution.
_URGENT = _C.priority == sa.literal_column("1")
TO_WORK = _C.state.in_([sa.literal_column(f"'{state}'") for state in sorted(WITH_UNIT)])

# Each view of the queues, as a condition on open cases. Dates come as bound values.
IN_VIEW: Mapping[str, sa.ColumnElement[bool]] = {
    "a-traiter": TO_WORK,
    "urgentes": sa.and_(TO_WORK, _URGENT),
    "en-retard": sa.and_(TO_WORK, _C.due_at < sa.bindparam("now")),
    "aujourdhui": sa.and_(TO_WORK, _C.due_at >= sa.bindparam("now"), _C.due_at < sa.bindparam("tomorrow")),
    "nouvelles": _C.state == CaseState.ASSIGNED,
    "attente": _C.state == CaseState.WAITING_REQUESTER,
    "reponses": _C.state == CaseState.RESOLVED,
    "a-qualifier": _C.state == CaseState.REGISTERED,
    "contestees": sa.and_(_C.contested_at.is_not(None), _C.state != CaseState.RESOLVED),
    "relancees": _C.reminder_waiting_since.is_not(None),
    "incidents": _C.id.in_(sa.select(Incident.case_id).where(Incident.ended_at.is_(None))),
    WORK_ENDED: sa.and_(TO_WORK, _C.work_ended_at.is_not(None)),
    "toutes": sa.true(),
}
_APART = frozenset({WRITTEN_TO, WORK_ENDED})  # few, and counted from an index of their own
VIEWS = tuple(IN_VIEW)


def queue_page(
    session: Session,
    actor: Actor,
    view: str,
    now: datetime,
    *,
    after: Cursor | None = None,
    limit: int = 50,
    urgent: bool = False,
) -> list[CaseLine]:
    """Open cases of a view within the actor's reach, the nearest due date first. One statement.

    Args:
        urgent: emergencies alone.
    """
    query = _page(actor.shared, view, is_first=after is None, urgent=urgent)
    passed = {"passed_due_at": after.due_at, "passed_id": after.id} if after else {}
    rows = session.execute(query, {**moments(now), **passed, "limit": limit, "me": actor.id})
    return [line_of(row) for row in rows]


def queue_counts(session: Session, actor: Actor, views: tuple[str, ...], now: datetime) -> dict[str, int]:
    """How many cases each view holds, counted no further than COUNTED_UP_TO + 1. One statement.

    Cases that few may read are counted for nobody: colleagues share these numbers, and one would tell.
    """
    row = session.execute(_counts(actor.shared, views), moments(now)).one()
    return dict(zip(views, row, strict=True))


@lru_cache(maxsize=512)
def _page(reach: Actor, view: str, *, is_first: bool, urgent: bool) -> sa.Select[*tuple[Any, ...]]:
    query = LINE.where(_open_in(reach, view, me=_ME)).order_by(_C.due_at, _C.id).limit(sa.bindparam("limit"))
    if urgent:
        query = query.where(_URGENT)
    if is_first:
        return query
    passed = sa.tuple_(sa.bindparam("passed_due_at", type_=_C.due_at.type), sa.bindparam("passed_id"))
    return query.where(sa.tuple_(_C.due_at, _C.id) > passed)


@lru_cache(maxsize=512)
def _counts(reach: Actor, views: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    """Who sees everything counts each view up to its cap; who sees a part goes through it once."""
    if everywhere(reach, Permission.CASE_VIEW):
        return sa.select(*(_capped(reach, view).label(view) for view in views))
    within = sa.and_(_C.closed_at.is_(None), visible(reach, _SEEN))
    counts = (sa.func.count().filter(IN_VIEW[view]) for view in views if view not in _APART)
    capped: list[sa.ColumnElement[int]] = [sa.func.least(count, COUNTED_UP_TO + 1) for count in counts]
    for rank, view in enumerate(views):
        if view in _APART:
            capped.insert(rank, _capped(reach, view))
    return sa.select(*capped).where(within)


def _capped(reach: Actor, view: str) -> sa.ScalarSelect[int]:
    if view == WRITTEN_TO:
        return waiting_count(reach, COUNTED_UP_TO + 1)
    some = sa.select(_C.id).where(_open_in(reach, view)).limit(COUNTED_UP_TO + 1)
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()


def line_of(row: Any) -> CaseLine:
    values = list(row)
    values[_STATE] = CaseState(row[_STATE])
    return CaseLine(*values)


def _open_in(actor: Actor, view: str, me: sa.ColumnElement[Any] | None = None) -> sa.ColumnElement[bool]:
    return sa.and_(_C.closed_at.is_(None), visible(actor, _SEEN, me=me), IN_VIEW[view])


def moments(now: datetime) -> dict[str, datetime]:
    midnight = datetime.combine(now.astimezone(PARIS).date() + timedelta(days=1), time(), tzinfo=PARIS)
    return {"now": now, "tomorrow": midnight}


def reference_of_key(session: Session, key: str) -> str | None:
    """What was registered under a key of a form or of a partner's request."""
    return session.scalar(sa.select(Case.reference).where(Case.key == key))


def case_references(session: Session, case_ids: list[int], reader: Actor) -> dict[int, str]:
    """Id → reference, in one statement; not of those whose readers are named and the reader is none of."""
    known = sa.select(_C.id, _C.reference).where(_C.id.in_(case_ids), not_barred(reader, _C.id, _C.id.table))
    return {row.id: row.reference for row in session.execute(known)}


def open_case_count(session: Session) -> int:
    """How many cases are open; a number for machines that watch."""
    return session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.closed_at.is_(None))) or 0
