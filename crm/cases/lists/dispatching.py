"""What a supervisor has to place: cases without a unit, and those of a unit that cannot keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.lifecycle import STEPS, CaseState
from crm.cases.models import Case
from crm.foundation import Actor

_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C
_MOVABLE = _C.state.in_(sorted(STEPS["route"].sources))
_TITLE = 140


@dataclass(frozen=True, slots=True)
class ToPlace:
    """One case to entrust."""

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
    received_at: datetime
    bounce_count: int
    version: int


_LINE = sa.select(
    _C.id, _C.reference, sa.func.left(_C.object, _TITLE).label("title"), _C.category_code, _C.state,
    _C.priority, _C.place_label, _C.insee, _C.unit_id, _C.due_at, _C.received_at, _C.bounce_count, _C.version,
)  # fmt: skip


def cases_to_place(session: Session, actor: Actor, unit_id: int | None, *, limit: int) -> list[ToPlace]:
    """Without a unit, or those that a unit has and may be moved; the nearest due date first."""
    require(actor, Permission.CASE_REDISPATCH)
    query = _LINE.where(_placed_at(actor, unit_id)).order_by(_C.due_at, _C.id).limit(limit)
    return [ToPlace(**{**row._asdict(), "state": CaseState(row.state)}) for row in session.execute(query)]


def to_place_by_unit(session: Session, actor: Actor) -> dict[int | None, int]:
    """How many cases each unit has that could be moved; under None, those without one."""
    require(actor, Permission.CASE_REDISPATCH)
    query = (
        sa.select(_C.unit_id, sa.func.count().label("cases"))
        .where(_C.closed_at.is_(None), _MOVABLE, visible(actor, _SEEN, Permission.CASE_REDISPATCH))
        .group_by(_C.unit_id)
    )
    return {row.unit_id: row.cases for row in session.execute(query)}


def _placed_at(actor: Actor, unit_id: int | None) -> sa.ColumnElement[bool]:
    here = _C.unit_id.is_(None) if unit_id is None else _C.unit_id == unit_id
    return sa.and_(_C.closed_at.is_(None), _MOVABLE, here, visible(actor, _SEEN, Permission.CASE_REDISPATCH))
