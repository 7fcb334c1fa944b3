"""What the case knows of its orders, and what its end does to those still open."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.orders.events import OrderDropped, OrderRestored, WorkEnded
from crm.cases.orders.lifecycle import OrderState
from crm.cases.orders.models import WorkOrder
from crm.foundation import UnitOfWork

_W: Any = cast(sa.Table, WorkOrder.__table__)
_C: Any = cast(sa.Table, Case.__table__)
_COUNTED = ("order_count", "open_order_count", "work_ended_at")
_ANSWERED_NEXT = frozenset({CaseState.RESOLVED, CaseState.CLOSED, CaseState.CANCELLED})


def count_orders(uow: UnitOfWork, case: Case) -> None:
    """Counted again at each act, under the lock of the case: two last ones at once cannot both be the last.

    The version of the case stays: nobody's open page is made void by another unit's work.
    """
    uow.session.flush()
    wanted = _W.c.state != OrderState.WITHDRAWN
    counts = sa.select(
        sa.func.count().filter(wanted).label("every"),
        sa.func.count().filter(_W.c.ended_at.is_(None)).label("open"),
    ).where(_W.c.case_id == case.id)
    found = uow.session.execute(counts).one()
    ended = found.every > 0 and not found.open and CaseState(case.state) not in _ANSWERED_NEXT
    uow.session.execute(
        sa.update(_C)
        .where(_C.c.id == case.id)
        .values(
            order_count=found.every, open_order_count=found.open, work_ended_at=uow.now if ended else None
        )
    )
    uow.session.expire(case, _COUNTED)
    if ended:
        uow.record(WorkEnded(subject_id=case.id, how_many=found.every))


def drop_orders(uow: UnitOfWork, case: Case) -> None:
    """The case ends: what was still to be done for it is withdrawn, each with its trace."""
    if not case.open_order_count:
        return
    dropped = uow.session.execute(
        sa.update(_W)
        .where(_W.c.case_id == case.id, _W.c.ended_at.is_(None))
        .values(
            left_state=_W.c.state,
            state=OrderState.WITHDRAWN,
            ended_at=uow.now,
            updated_at=uow.now,
            version=_W.c.version + 1,
        )
        .returning(_W.c.id, _W.c.number, _W.c.unit_id)
    ).all()
    for row in dropped:
        uow.record(OrderDropped(subject_id=case.id, order_id=row.id, number=row.number, unit_id=row.unit_id))
    count_orders(uow, case)


def restore_orders(uow: UnitOfWork, case: Case, dropped_at: datetime) -> None:
    """The end of the case is taken back, and with it what it withdrew."""
    restored = uow.session.execute(
        sa.update(_W)
        .where(_W.c.case_id == case.id, _W.c.ended_at == dropped_at, _W.c.left_state.is_not(None))
        .values(
            state=_W.c.left_state,
            left_state=None,
            ended_at=None,
            updated_at=uow.now,
            version=_W.c.version + 1,
        )
        .returning(_W.c.id, _W.c.number, _W.c.unit_id)
    ).all()
    for row in restored:
        uow.record(OrderRestored(subject_id=case.id, order_id=row.id, number=row.number, unit_id=row.unit_id))
    if restored:
        count_orders(uow, case)


def move_orders(uow: UnitOfWork, case: Case) -> None:
    """The place was corrected, or readers were named: who reaches its orders follows, withdrawn ones too."""
    reach = {"insee": case.insee, "readers": case.readers}
    uow.session.execute(sa.update(_W).where(_W.c.case_id == case.id).values(reach))
