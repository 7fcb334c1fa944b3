"""The orders of a unit that closes, or of an agent who leaves, go on elsewhere."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases.orders.events import OrderHandedOver
from crm.cases.orders.models import WorkOrder
from crm.foundation import NotFound, UnitOfWork
from crm.staff import Unit, team_of

_W = cast(sa.Table, WorkOrder.__table__).c
_OPEN = _W.ended_at.is_(None)
_AT_ONCE = 100


def orders_held(session: Session, *, unit_id: int | None = None, agent_id: int | None = None) -> int:
    """How many open orders a unit owes, or an agent is named for."""
    mine = _W.unit_id == unit_id if unit_id is not None else _W.agent_id == agent_id
    return session.scalar(sa.select(sa.func.count()).where(_OPEN, mine)) or 0


def hand_orders_over(uow: UnitOfWork, unit_id: int, heir_id: int) -> int:
    """What a closed unit owed, the other unit owes. Returns how many moved in this round; 0: nothing is left
    but what others hold at this moment.

    Raises:
        NotFound: no such heir.
    """
    require(uow.actor, Permission.CASE_REDISPATCH)
    heir = uow.session.get(Unit, heir_id)
    if heir is None:
        raise NotFound()
    held = sa.select(WorkOrder).where(_OPEN, _W.unit_id == unit_id).order_by(_W.id).limit(_AT_ONCE)
    rows = uow.session.scalars(held.with_for_update(skip_locked=True)).all()
    for order in rows:
        order.unit_id, order.agent_id, order.responsible_insee = heir_id, None, heir.insee
        order.updated_at = uow.now
        uow.record(
            OrderHandedOver(
                subject_id=order.case_id,
                order_id=order.id,
                number=order.number,
                unit_id=heir_id,
                from_unit_id=unit_id,
            )
        )
    uow.session.flush()
    return len(rows)


def give_orders_to(uow: UnitOfWork, agent_id: int, heir_id: int | None) -> int:
    """Those that name an agent who leaves name a colleague of the same unit, or nobody. Returns how many."""
    require(uow.actor, Permission.STAFF_MANAGE)
    held = sa.select(WorkOrder).where(_OPEN, _W.agent_id == agent_id).with_for_update()
    rows = uow.session.scalars(held).all()
    teams = {unit_id: team_of(uow.session, unit_id) for unit_id in {order.unit_id for order in rows}}
    for order in rows:
        order.agent_id = heir_id if heir_id in teams[order.unit_id] else None
        order.updated_at = uow.now
    uow.session.flush()
    return len(rows)
