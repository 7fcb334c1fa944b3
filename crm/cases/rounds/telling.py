"""What a demand's own timeline says of rounds: it, or one of its orders, came into one or went out of it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from crm.cases.orders.models import WorkOrder
from crm.cases.rounds.events import CaseJoinedRound, CaseLeftRound, OrderJoinedRound, OrderLeftRound
from crm.cases.rounds.models import Round
from crm.foundation import UnitOfWork

Visit = tuple[int, int | None]  # ids of a case and, when it is not the case itself, of its order


def tell_joined(uow: UnitOfWork, held: Round, visits: Iterable[Visit]) -> None:
    _tell(uow, held, list(visits), CaseJoinedRound, OrderJoinedRound)


def tell_left(uow: UnitOfWork, held: Round, visits: Iterable[Visit]) -> None:
    _tell(uow, held, list(visits), CaseLeftRound, OrderLeftRound)


def _tell(
    uow: UnitOfWork,
    held: Round,
    visits: list[Visit],
    of_case: type[CaseJoinedRound | CaseLeftRound],
    of_order: type[OrderJoinedRound | OrderLeftRound],
) -> None:
    orders = [order_id for _case, order_id in visits if order_id is not None]
    query = sa.select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_(orders))
    numbers = {row.id: row.number for row in uow.session.execute(query)} if orders else {}
    day = held.day.isoformat()
    for case_id, order_id in visits:
        if order_id is None:
            uow.record(of_case(subject_id=case_id, round_id=held.id, day=day))
        else:
            uow.record(
                of_order(
                    subject_id=case_id,
                    order_id=order_id,
                    number=numbers[order_id],
                    unit_id=held.unit_id,
                    round_id=held.id,
                    day=day,
                )
            )
