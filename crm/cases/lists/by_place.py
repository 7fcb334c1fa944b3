"""A unit's open work as it is walked: by sector, by street; and what is to be done on the ground today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, visible
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case
from crm.foundation import Actor
from crm.territory import Commune, Sector, Street

MOST_WALKED = 300
_C: Any = cast(sa.Table, Case.__table__).c


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One demand and where it is; nothing of whoever made it."""

    id: int
    reference: str
    title: str
    category_code: str | None
    state: CaseState
    priority: int
    place_label: str
    place_hint: str
    commune: str
    sector: str
    street: str
    lon: float | None
    lat: float | None
    unit_id: int | None
    accepted_by_id: int | None
    due_at: datetime
    planned_on: date | None
    made_safe_at: datetime | None
    needs_at: datetime | None
    version: int
    answers: dict[str, Any]


_LINE = (
    sa.select(
        _C.id, _C.reference, sa.func.left(_C.object, 140).label("title"), _C.category_code, _C.state,
        _C.priority, _C.place_label, _C.place_hint,
        sa.func.coalesce(Commune.name, "").label("commune"),
        sa.func.coalesce(Sector.name, "").label("sector"),
        sa.func.coalesce(Street.name, "").label("street"),
        _C.lon, _C.lat, _C.unit_id, _C.accepted_by_id, _C.due_at, _C.planned_on, _C.made_safe_at,
        _C.needs_at, _C.version, _C.answers,
    )
    .select_from(Case.__table__)
    .outerjoin(Commune, Commune.insee == _C.insee)
    .outerjoin(Sector, Sector.code == _C.sector_code)
    .outerjoin(Street, Street.id == _C.street_id)
)  # fmt: skip
_OPEN = sa.and_(_C.closed_at.is_(None), _C.state.in_(sorted(WITH_UNIT)))
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "secteur": (Commune.name.nulls_last(), Sector.name.nulls_last(), _C.due_at),
    "rue": (Commune.name.nulls_last(), Street.name.nulls_last(), _C.due_at),
}


def work_by_place(session: Session, actor: Actor, by: str) -> list[PlacedLine]:
    """What waits for the units within reach: emergencies first, then place after place. MOST_WALKED at most.

    Args:
        by: one of ORDERS.
    """
    query = _LINE.where(_OPEN, visible(actor, _C)).order_by((_C.priority != 1), *ORDERS[by], _C.id)
    return _lines(session, query)


# Accepted or planned; an emergency does not wait to be accepted.
_ON_THE_GROUND = sa.or_(
    _C.state.in_((CaseState.IN_PROGRESS, CaseState.SCHEDULED)),
    sa.and_(_C.state == CaseState.ASSIGNED, _C.priority == 1),
)


def field_work(session: Session, actor: Actor) -> list[PlacedLine]:
    """What is to be done on the ground: emergencies, then the day it is planned for, then the date due."""
    query = _LINE.where(
        _C.closed_at.is_(None),
        _ON_THE_GROUND,
        visible(actor, _C, Permission.CASE_RESOLVE),
    )
    order = (_C.priority != 1), _C.planned_on.asc().nulls_last(), _C.due_at, _C.id
    return _lines(session, query.order_by(*order))


def field_case(session: Session, actor: Actor, reference: str) -> PlacedLine | None:
    """One of them; None when it does not exist for the actor."""
    query = _LINE.where(_C.reference == reference, visible(actor, _C, Permission.CASE_RESOLVE))
    found = _lines(session, query)
    return found[0] if found else None


def _lines(session: Session, query: sa.Select[Any]) -> list[PlacedLine]:
    rows = session.execute(query.limit(MOST_WALKED))
    return [PlacedLine(**{**row._asdict(), "state": CaseState(row.state)}) for row in rows]
