"""Take hold of one order to act on it."""

from __future__ import annotations

import sqlalchemy as sa

from crm.cases.models import Case
from crm.cases.orders.models import WorkOrder
from crm.foundation import NotFound, UnitOfWork


def take_hold(uow: UnitOfWork, reference: str, number: int) -> tuple[Case, WorkOrder]:
    """Lock the case, then the order: in that order everywhere, so that nobody locks another out.

    The caller asks for its right next: a stranger is told the same as if there were none.

    Raises:
        NotFound: no such order.
    """
    case = uow.session.scalar(sa.select(Case).where(Case.reference == reference).with_for_update())
    if case is None:
        raise NotFound(reference=reference)
    wanted = sa.select(WorkOrder).where(WorkOrder.case_id == case.id, WorkOrder.number == number)
    order = uow.session.scalar(wanted.with_for_update())
    if order is None:
        raise NotFound(reference=reference)
    return case, order
