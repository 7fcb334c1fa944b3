"""Reads of cases: frozen rows for screens, within the actor's reach, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case
from crm.foundation import PARIS, Actor, NotFound

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
    due_at: datetime
    planned_on: date | None
    received_at: datetime
    reopen_count: int
    bounce_count: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ends: keyset on due date and id, so that page 2000 costs what page 1 costs."""

    due_at: datetime
    id: int


_LINE = sa.select(
    Case.id,
    Case.reference,
    sa.func.left(Case.object, _TITLE).label("title"),
    Case.category_code,
    Case.state,
    Case.priority,
    Case.place_label,
    Case.insee,
    Case.unit_id,
    Case.due_at,
    Case.planned_on,
    Case.received_at,
    Case.reopen_count,
    Case.bounce_count,
)
_TO_WORK = Case.state.in_(sorted(WITH_UNIT))

# Each view of the queues, as a condition on open cases. Dates come as bound values.
_VIEWS: Mapping[str, sa.ColumnElement[bool]] = {
    "a-traiter": _TO_WORK,
    "urgentes": sa.and_(_TO_WORK, Case.priority == 1),
    "en-retard": sa.and_(_TO_WORK, Case.due_at < sa.bindparam("now")),
    "aujourdhui": sa.and_(
        _TO_WORK, Case.due_at >= sa.bindparam("now"), Case.due_at < sa.bindparam("tomorrow")
    ),
    "nouvelles": Case.state == CaseState.ASSIGNED,
    "attente": Case.state == CaseState.WAITING_REQUESTER,
    "reponses": Case.state == CaseState.RESOLVED,
    "a-qualifier": Case.state == CaseState.REGISTERED,
    "contestees": sa.and_(Case.contested_at.is_not(None), Case.state != CaseState.RESOLVED),
    "toutes": sa.true(),
}
VIEWS = tuple(_VIEWS)


def queue_page(
    session: Session, actor: Actor, view: str, now: datetime, *, after: Cursor | None = None, limit: int = 50
) -> list[CaseLine]:
    """Open cases of a view within the actor's reach, the nearest due date first. One statement."""
    query = _LINE.where(_open_in(actor, view)).order_by(Case.due_at, Case.id).limit(limit)
    if after:
        query = query.where(sa.tuple_(Case.due_at, Case.id) > sa.tuple_(after.due_at, after.id))
    rows = session.execute(query, _moments(now))
    return [_line(row) for row in rows]


def queue_counts(session: Session, actor: Actor, views: tuple[str, ...], now: datetime) -> dict[str, int]:
    """How many cases each view holds, counted no further than COUNTED_UP_TO + 1. One statement."""
    counts = [
        sa.select(sa.func.count())
        .select_from(sa.select(Case.id).where(_open_in(actor, view)).limit(COUNTED_UP_TO + 1).subquery())
        .scalar_subquery()
        .label(view)
        for view in views
    ]
    row = session.execute(sa.select(*counts), _moments(now)).one()
    return dict(zip(views, row, strict=True))


def _line(row: Any) -> CaseLine:
    return CaseLine(**{**row._asdict(), "state": CaseState(row.state)})


def _open_in(actor: Actor, view: str) -> sa.ColumnElement[bool]:
    return sa.and_(Case.closed_at.is_(None), visible(actor, Case), _VIEWS[view])


def _moments(now: datetime) -> dict[str, datetime]:
    midnight = datetime.combine(now.astimezone(PARIS).date() + timedelta(days=1), time(), tzinfo=PARIS)
    return {"now": now, "tomorrow": midnight}


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """Everything of one case but its exchanges and events."""

    id: int
    reference: str
    public_token: str
    kind: str
    state: CaseState
    channel: str
    category_code: str | None
    priority: int
    object: str
    answers: dict[str, Any]
    received_at: datetime
    created_at: datetime
    updated_at: datetime
    announced_due_at: datetime | None
    due_at: datetime
    planned_on: date | None
    made_safe_at: datetime | None
    resolved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    contested_at: datetime | None
    insee: str | None
    origin_insee: str | None
    responsible_insee: str | None
    sector_code: str | None
    street_id: int | None
    address_id: int | None
    place_label: str
    place_hint: str
    place_precision: str
    road_owner: str | None
    postcode: str | None
    lon: float | None
    lat: float | None
    contact_id: int | None
    answer_channel: str
    unit_id: int | None
    organization_id: int | None
    agent_id: int | None
    accepted_by_id: int | None
    outcome: str | None
    no_answer_reason: str | None
    routing: dict[str, Any]
    bounce_count: int
    reopen_count: int
    version: int


_SHEET = sa.select(*(getattr(Case, f.name) for f in fields(CaseSheet)))


def _sheet(session: Session, condition: sa.ColumnElement[bool]) -> CaseSheet | None:
    row = session.execute(_SHEET.where(condition)).one_or_none()
    if row is None:
        return None
    return CaseSheet(**{**row._asdict(), "state": CaseState(row.state)})


def one_case(session: Session, actor: Actor, reference: str) -> CaseSheet:
    """
    Raises:
        NotFound: no such case, or out of reach: the same answer.
    """
    sheet = _sheet(session, Case.reference == reference)
    if sheet is None:
        raise NotFound(reference=reference)
    require(actor, Permission.CASE_VIEW, sheet)
    return sheet


def case_by_token(session: Session, token: str) -> CaseSheet:
    """The case of a message's link. Raises NotFound."""
    sheet = _sheet(session, Case.public_token == token)
    if sheet is None:
        raise NotFound()
    return sheet


def case_by_id(session: Session, case_id: int) -> CaseSheet:
    """For what the programme itself composes. Raises NotFound."""
    sheet = _sheet(session, Case.id == case_id)
    if sheet is None:
        raise NotFound(case_id=case_id)
    return sheet


def tracked_case(session: Session, reference: str) -> CaseSheet | None:
    """The case a resident asks for; the caller still checks the proof."""
    return _sheet(session, Case.reference == reference)


def cases_of_contact(session: Session, actor: Actor, contact_id: int, limit: int = 5) -> list[CaseLine]:
    """The last demands of a usager, within reach."""
    query = (
        _LINE.where(Case.contact_id == contact_id, visible(actor, Case)).order_by(Case.id.desc()).limit(limit)
    )
    return [_line(row) for row in session.execute(query)]


def cases_changed_since(
    session: Session,
    codes: tuple[str, ...],
    since: datetime,
    until: datetime,
    limit: int,
    *,
    is_open: bool | None = None,
) -> list[CaseSheet]:
    """For partners' machines: received in [since, until), most recently changed first.

    Args:
        codes: these categories; all of them when empty.
        is_open: only open, or only ended, cases.
    """
    query = _SHEET.where(Case.received_at >= since, Case.received_at < until)
    if codes:
        query = query.where(Case.category_code.in_(codes))
    if is_open is not None:
        query = query.where(Case.closed_at.is_(None) if is_open else Case.closed_at.is_not(None))
    rows = session.execute(query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(limit))
    return [CaseSheet(**{**row._asdict(), "state": CaseState(row.state)}) for row in rows]


def case_references(session: Session, case_ids: list[int]) -> dict[int, str]:
    """Id → reference, in one statement."""
    rows = session.execute(sa.select(Case.id, Case.reference).where(Case.id.in_(case_ids)))
    return {row.id: row.reference for row in rows}


def open_case_count(session: Session) -> int:
    """How many cases are open; a number for machines that watch."""
    return session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.closed_at.is_(None))) or 0
