"""A closed unit keeps nothing: what somebody was working on goes the next time."""

from __future__ import annotations

import sqlalchemy as sa

from crm.cases.orders import NewOrder, ask_order
from crm.cases.orders.models import WorkOrder
from crm.foundation import SYSTEM, Delivery, EventRow
from crm.staff import Unit, close_unit
from crm.wiring import Wiring
from tests import given
from tests.web.world import World
from workers.jobs.run import do_deliveries


def _due(wired: Wiring, unit_id: int) -> list[int]:
    of_unit = sa.and_(EventRow.subject_kind == "unit", EventRow.subject_id == unit_id)
    undone = sa.select(Delivery.id).join(EventRow).where(of_unit, Delivery.done_at.is_(None))
    with wired.sessions() as session:
        return list(session.scalars(undone))


def test_the_order_that_somebody_holds_goes_the_next_time(wired: Wiring, world: World) -> None:
    with wired.units.begin(SYSTEM) as uow:
        closing, heir = given.unit(uow, "fermé"), given.unit(uow, "héritier")
        book = given.rulebook(uow)
        new = NewOrder(key="f" * 24, unit_id=closing, work="Ouvrir.")
        ask_order(uow, book, given.open_case(uow, book), new)
        close_unit(uow, closing, heir_id=heir, motive="Réorganisation")
    owed_by = sa.select(Unit.code).join(WorkOrder, WorkOrder.unit_id == Unit.id)
    with wired.sessions() as session:
        session.execute(sa.select(WorkOrder.id).where(WorkOrder.unit_id == closing).with_for_update())
        do_deliveries(wired, _due(wired, closing))
    assert _due(wired, closing), "it comes due again"
    do_deliveries(wired, _due(wired, closing))
    assert not _due(wired, closing)
    with wired.sessions() as session:
        assert session.scalars(owed_by.where(WorkOrder.key == "f" * 24)).one() == "héritier"
