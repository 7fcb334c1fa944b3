"""Work was asked of a unit: who leads it hears of it at the bell, and finds it in its list."""

from __future__ import annotations

from crm.cases.orders import OrderState, WorkOrder
from crm.foundation import UnitOfWork
from crm.promises import agents_holding, tell
from crm.wiring import Wiring
from workers.facts import Fact
from workers.jobs.call_out import ring_once_kept


def ring_unit(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Nobody is told of what they asked of their own unit, nor of what it has answered since."""
    order = uow.session.get_one(WorkOrder, int(fact.data["order_id"]))
    if order.state == OrderState.ASKED:
        leads = set(agents_holding(uow.session, "team_lead", order.unit_id)) - {order.asked_by_id}
        ring_once_kept(wired, uow, tell(uow, leads, "order_asked", order.case_id))
