"""Who reaches an order: its own unit, whoever sees the case, and nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm import cases
from crm.access import Permission, allows, visible
from crm.cases import BounceReason, Case, CaseState
from crm.cases.orders import (
    NewOrder,
    Order,
    accept_order,
    ask_order,
    one_order,
    order_page,
    order_sent_before,
    send_back_order,
    withdraw_order,
)
from crm.cases.orders.models import WorkOrder
from crm.foundation import (
    SYSTEM,
    NotAllowed,
    NotFound,
    UnitOfWork,
    Units,
)
from tests import given
from tests.acting import act, in_days
from tests.given import Town


@pytest.fixture
def reference(uow: UnitOfWork, town: Town) -> str:
    return given.open_case(uow, town.book, CaseState.IN_PROGRESS)


def _ask(uow: UnitOfWork, town: Town, reference: str, unit: int = 0, **told: object) -> int:
    usual = {"key": uuid4().hex, "unit_id": unit or town.lighting, "work": "Couper le courant du mât."}
    return ask_order(uow, town.book, reference, NewOrder(**{**usual, **told}))  # type: ignore[arg-type]


def _order(uow: UnitOfWork, reference: str, number: int = 1) -> Order:
    uow.session.flush()
    return one_order(uow.session, SYSTEM, reference, number)


def _case(uow: UnitOfWork, reference: str) -> Case:
    uow.session.flush()
    return uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()


def test_who_owes_the_order_reaches_it_and_neither_the_case_nor_another_order(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book)
        _ask(uow, town, reference)
        _ask(uow, town, reference, town.town_hall)
    lighting = given.actor("team_lead", unit=town.lighting, id=7)
    with units.begin(lighting) as uow:
        accept_order(uow, reference, 1, seen_version=1)
        assert not order_sent_before(uow, reference, 1, "x" * 20)
        assert order_sent_before(uow, reference, 1, "x" * 20)
        with pytest.raises(NotFound):
            accept_order(uow, reference, 2, seen_version=1)
        with pytest.raises(NotFound):
            one_order(uow.session, lighting, reference, 2)
        for verb in ("close", "ask", "resolve", "cancel"):
            with pytest.raises(NotFound):
                act(uow, town.book, reference, verb)
        with pytest.raises(NotFound):  # nor may it take back what another asked of it
            withdraw_order(uow, reference, 1, motive="Non.", seen_version=2)
    with units.begin(given.actor("field_agent", unit=town.lighting)) as uow, pytest.raises(NotAllowed):
        send_back_order(uow, reference, 1, reason=BounceReason.WRONG_UNIT, motive="Non.", seen_version=2)
    lead = given.actor("team_lead", unit=town.roads)
    with units.begin(lead) as uow:
        assert one_order(uow.session, lead, reference, 1).unit_id == town.lighting  # by its case
        with pytest.raises(NotFound):
            accept_order(uow, reference, 2, seen_version=1)
        withdraw_order(uow, reference, 2, motive="Inutile.", seen_version=1)


@pytest.mark.parametrize("role", ["advisor", "desk_agent", "team_lead", "field_agent", "supervisor"])
def test_a_list_of_orders_shows_exactly_those_one_may_open(uow: UnitOfWork, town: Town, role: str) -> None:
    here = given.open_case(uow, town.book)
    elsewhere = given.open_case(uow, town.book, place=given.place(given.NEIGHBOUR))
    for reference in (here, elsewhere):
        for unit in (town.lighting, town.town_hall):
            _ask(uow, town, reference, unit)
    somebody = given.actor(role, unit=town.lighting, insee=given.TOWN)
    for right in (Permission.ORDER_VIEW, Permission.ORDER_DO, Permission.ORDER_LEAD):
        every = uow.session.scalars(sa.select(WorkOrder)).all()
        listed = set(uow.session.scalars(sa.select(WorkOrder.id).where(visible(somebody, WorkOrder, right))))
        assert listed == {order.id for order in every if allows(somebody, right, order)}


def test_a_corrected_place_moves_its_orders(uow: UnitOfWork, town: Town, reference: str) -> None:
    _ask(uow, town, reference)
    correction = cases.Correction(place=given.place(given.NEIGHBOUR))
    version = _case(uow, reference).version
    cases.edit_case(uow, town.book, reference, correction=correction, seen_version=version)
    assert _order(uow, reference).insee == given.NEIGHBOUR


def test_the_orders_of_a_case_that_few_may_read_are_read_by_few(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book)
        _ask(uow, town, reference)
    boss, lead = given.actor("supervisor", id=3), given.actor("team_lead", unit=town.lighting, id=7)
    with units.begin(boss) as uow:
        cases.restrict_case(uow, reference, cases.Restriction(reason="grave", motive="Des menaces."))
    with units.begin(lead) as uow:
        assert order_page(uow.session, lead, "toutes", in_days(uow, 0)) == []
        with pytest.raises(NotFound):
            accept_order(uow, reference, 1, seen_version=1)
    with units.begin(boss) as uow:
        assert _order(uow, reference).number == 1
        cases.lift_restriction(uow, reference, "Ce n’était rien.")
        assert [order.number for order in order_page(uow.session, lead, "toutes", in_days(uow, 0))] == [1]
