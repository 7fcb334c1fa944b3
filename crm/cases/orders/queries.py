"""Work orders as they are read: of one case, of one unit, one alone. Nothing of whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import Permission, allows, visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.orders.lifecycle import OrderState
from crm.cases.orders.models import WorkOrder
from crm.cases.queries import COUNTED_UP_TO
from crm.foundation import Actor, NotFound
from crm.interactions import Interaction
from crm.territory import Commune

_MOST_ON_THE_GROUND = 200
_TITLE = 600  # of what the usager said: enough to work by


@dataclass(frozen=True, slots=True)
class Order:
    """One order and what of its case the unit needs to do it.

    Args:
        work: what is to be done, in the words of whoever asked.
        ended_with: what was done, or why not.
        lead_unit_id: the unit that leads the case.
    """

    id: int
    case_id: int
    reference: str
    number: int
    state: OrderState
    unit_id: int
    insee: str | None
    origin_insee: str | None
    responsible_insee: str | None
    readers: list[str] | None
    due_on: date
    agent_id: int | None
    crew: str
    planned_on: date | None
    slot: str
    made_safe_at: datetime | None
    outcome: str | None
    asked_at: datetime
    ended_at: datetime | None
    version: int
    work: str
    ended_with: str
    case_state: CaseState
    lead_unit_id: int | None
    category_code: str | None
    priority: int
    title: str
    place_label: str
    place_hint: str
    commune: str
    lon: float | None
    lat: float | None
    answers: dict[str, Any]

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Passed:
    """Where a page of the list ended."""

    due_on: date
    id: int


_W: Any = cast(sa.Table, WorkOrder.__table__).c
_C: Any = cast(sa.Table, Case.__table__).c
_ASKED, _ENDED = aliased(Interaction), aliased(Interaction)
_FROM_CASE = {
    "reference": _C.reference,
    "case_state": _C.state,
    "lead_unit_id": _C.unit_id,
    "category_code": _C.category_code,
    "priority": _C.priority,
    "title": sa.func.left(_C.object, _TITLE),
    "place_label": _C.place_label,
    "place_hint": _C.place_hint,
    "lon": _C.lon,
    "lat": _C.lat,
    "answers": _C.answers,
    "work": _ASKED.body,
    "ended_with": sa.func.coalesce(_ENDED.body, ""),
    "commune": sa.func.coalesce(Commune.name, ""),
}
_ORDER: sa.Select[*tuple[Any, ...]] = (
    sa.select(*(_FROM_CASE.get(f.name, _W.get(f.name)).label(f.name) for f in fields(Order)))
    .select_from(WorkOrder.__table__)
    .join(Case.__table__, _C.id == _W.case_id)
    .join(_ASKED, _ASKED.id == _W.asked_note_id)
    .outerjoin(_ENDED, _ENDED.id == _W.ended_note_id)
    .outerjoin(Commune, Commune.insee == _C.insee)
)
_STILL = _W.ended_at.is_(None)
_ME: sa.ColumnElement[Any] = sa.bindparam("me", type_=sa.BigInteger)
# Each tab of the list « Interventions », as a condition on open orders.
ORDER_VIEWS: Mapping[str, sa.ColumnElement[bool]] = {
    "toutes": sa.true(),
    "a-prendre": _W.state == OrderState.ASKED,
    "a-planifier": _W.state == OrderState.ACCEPTED,
    "prevues": _W.state == OrderState.PLANNED,
    "en-retard": _W.due_on < sa.bindparam("today", type_=sa.Date()),
}


def order_page(
    session: Session, actor: Actor, view: str, today: date, *, after: Passed | None = None, limit: int = 50
) -> list[Order]:
    """Open orders within reach, the nearest day first. One statement."""
    told: dict[str, Any] = {"today": today, "limit": limit, "me": actor.id}
    if after is not None:
        told |= {"passed_on": after.due_on, "passed_id": after.id}
    return _orders(session, _page(actor.shared, view, is_first=after is None), told)


def order_counts(session: Session, actor: Actor, views: tuple[str, ...], today: date) -> dict[str, int]:
    """How many each tab holds, no further than COUNTED_UP_TO + 1. One statement, without the cases.

    Colleagues share these numbers: what few may read is counted for nobody.
    """
    row = session.execute(_counts(actor.shared, views), {"today": today}).one()
    return dict(zip(views, row, strict=True))


@lru_cache(maxsize=256)
def _page(reach: Actor, view: str, *, is_first: bool) -> sa.Select[*tuple[Any, ...]]:
    seen = visible(reach, WorkOrder, Permission.ORDER_VIEW, me=_ME)
    query = _ORDER.where(_STILL, seen, ORDER_VIEWS[view])
    if not is_first:
        passed = sa.tuple_(
            sa.bindparam("passed_on", type_=sa.Date()), sa.bindparam("passed_id", type_=sa.BigInteger())
        )
        query = query.where(sa.tuple_(_W.due_on, _W.id) > passed)
    return query.order_by(_W.due_on, _W.id).limit(sa.bindparam("limit"))


@lru_cache(maxsize=256)
def _counts(reach: Actor, views: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    seen = visible(reach, WorkOrder, Permission.ORDER_VIEW)

    def capped(view: str) -> sa.ScalarSelect[int]:
        some = sa.select(_W.id).where(_STILL, seen, ORDER_VIEWS[view]).limit(COUNTED_UP_TO + 1)
        return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()

    return sa.select(*(capped(view).label(view) for view in views))


def orders_of(session: Session, case_id: int) -> list[Order]:
    """All of a case's, in the order they were asked. The caller has asked whether the case may be seen."""
    return _orders(session, _ORDER.where(_W.case_id == case_id).order_by(_W.number))


def field_orders(session: Session, actor: Actor) -> list[Order]:
    """What is accepted or planned, for those who do it on the ground; an emergency does not wait."""
    ready = sa.or_(_W.state.in_((OrderState.ACCEPTED, OrderState.PLANNED)), _C.priority == 1)
    query = _ORDER.where(_STILL, ready, visible(actor, WorkOrder, Permission.ORDER_DO))
    order = (_C.priority != 1), _W.planned_on.asc().nulls_last(), _W.due_on, _W.id
    return _orders(session, query.order_by(*order).limit(_MOST_ON_THE_GROUND))


def one_order(session: Session, actor: Actor, reference: str, number: int) -> Order:
    """For the unit that owes it, and for whoever sees the case.

    Raises:
        NotFound: no such order, or out of reach: the same answer.
    """
    found = _orders(session, _ORDER.where(_C.reference == reference, _W.number == number))
    if not found:
        raise NotFound(reference=reference)
    if not (allows(actor, Permission.ORDER_VIEW, found[0]) or sees_case(session, actor, found[0])):
        raise NotFound(reference=reference)
    return found[0]


def order_by_id(session: Session, order_id: int) -> Order | None:
    """Whoever reaches it: for what holds its id by right."""
    return next(iter(_orders(session, _ORDER.where(_W.id == order_id))), None)


def sees_case(session: Session, actor: Actor, order: Order) -> bool:
    """May the actor open the case that the order is part of?"""
    return _may_on_case(session, actor, order, Permission.CASE_VIEW)


def may_withdraw(session: Session, actor: Actor, order: Order) -> bool:
    return order.is_open and _may_on_case(session, actor, order, Permission.ORDER_ASK)


def _may_on_case(session: Session, actor: Actor, order: Order, right: Permission) -> bool:
    seen = sa.select(_C.id).where(_C.id == order.case_id, visible(actor, _C, right))
    return session.scalar(seen) is not None


def _orders(
    session: Session, query: sa.Select[*tuple[Any, ...]], told: Mapping[str, Any] | None = None
) -> list[Order]:
    return [
        Order(**{**row._asdict(), "state": OrderState(row.state), "case_state": CaseState(row.case_state)})
        for row in session.execute(query, told or {})
    ]
