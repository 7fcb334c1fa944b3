"""How much of its week a unit has already given away: what is planned, beside the hours it works."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, allows, visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.orders.lifecycle import OrderState
from crm.cases.orders.models import WorkOrder
from crm.cases.rounds.models import OfUnit
from crm.foundation import Actor
from crm.staff import Unit

WEEKS = 2  # this one, and the next
_WORKING_DAYS = 5
_C: Any = cast(sa.Table, Case.__table__).c
_W: Any = cast(sa.Table, WorkOrder.__table__).c
_U: Any = cast(sa.Table, Unit.__table__).c
# What is done still took its hours; what came back, or was sent elsewhere, took none here.
_NOT_PLANNED = (CaseState.REGISTERED, CaseState.ASSIGNED, CaseState.CANCELLED)
_PLANNED = (OrderState.PLANNED, OrderState.DONE)


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """
    Args:
        there: minutes of work that the unit has in a week.
        days: those on which something is planned, in order → minutes.
    """

    unit_id: int
    unit_name: str
    monday: date
    there: int
    days: Mapping[date, int]

    @property
    def planned(self) -> int:
        return sum(self.days.values())

    @property
    def is_exceeded(self) -> bool:
        return self.planned > self.there

    @property
    def heavy(self) -> Mapping[date, int]:
        """When it is exceeded: the days that take more than their share of it."""
        if not self.is_exceeded:
            return {}
        return {day: minutes for day, minutes in self.days.items() if minutes * _WORKING_DAYS > self.there}


def weeks_of(session: Session, actor: Actor, unit_ids: Collection[int], today: date) -> list[UnitWeek]:
    """Of those units that say how many hours they work, by name; WEEKS each. One statement at most.

    A unit that the actor sends nobody for has no week here.
    """
    units = sorted(one for one in unit_ids if allows(actor, Permission.ROUND_VIEW, OfUnit(one)))
    if not units:
        return []
    first = today - timedelta(days=today.weekday())
    found: dict[int, list[Any]] = {}
    for row in session.execute(_asked(actor, units, first)):
        found.setdefault(row.id, []).append(row)
    mondays = [first + timedelta(weeks=n) for n in range(WEEKS)]
    return [_week(rows, monday) for rows in found.values() for monday in mondays]


def _week(rows: list[Any], monday: date) -> UnitWeek:
    days = {row.planned_on: row.minutes for row in rows if row.planned_on}
    after = monday + timedelta(weeks=1)
    held = {day: days[day] for day in sorted(days) if monday <= day < after}
    return UnitWeek(rows[0].id, rows[0].name, monday, rows[0].weekly_minutes, held)


def _asked(actor: Actor, units: list[int], first: date) -> sa.Select[*tuple[Any, ...]]:
    after = first + timedelta(weeks=WEEKS)
    cases = sa.select(_C.unit_id, _C.planned_on, _C.planned_minutes).where(
        _C.planned_on >= first,
        _C.planned_on < after,
        _C.unit_id.in_(units),
        _C.state.not_in(_NOT_PLANNED),
        _C.duplicate_of_id.is_(None),
        visible(actor, Case, Permission.CASE_VIEW),
    )
    orders = sa.select(_W.unit_id, _W.planned_on, _W.planned_minutes).where(
        _W.planned_on >= first,
        _W.planned_on < after,
        _W.unit_id.in_(units),
        _W.state.in_(_PLANNED),
        visible(actor, WorkOrder, Permission.ORDER_VIEW),
    )
    planned = cases.union_all(orders).subquery("planned").c
    minutes = sa.func.sum(sa.func.coalesce(planned.planned_minutes, _U.usual_minutes)).label("minutes")
    return (
        sa.select(_U.id, _U.name, _U.weekly_minutes, planned.planned_on, minutes)
        .select_from(sa.outerjoin(Unit.__table__, planned.unit_id.table, planned.unit_id == _U.id))
        .where(_U.id.in_(units), _U.is_active, _U.weekly_minutes.is_not(None))
        .group_by(_U.id, planned.planned_on)
        .order_by(_U.name, _U.id)
    )
