"""One agent receives in one place at a time, whoever opens moments for them, even at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa

from crm.appointments import (
    Opening,
    appointment_by_id,
    book_appointment,
    cancel_appointment,
    open_slots,
    seats_held,
    withdraw_slot,
)
from crm.appointments.models import Slot
from crm.foundation import SYSTEM, FrozenClock, Invalid, UnitOfWork, Units
from crm.network import LeftBehind, deactivate_agent, left_behind
from crm.staff import RoleGrant, create_account
from tests import given
from tests.given import Town
from tests.own_database import own_units
from tests.servers import Servers
from tests.waiting import at_once

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def karim(uow: UnitOfWork, town: Town) -> int:
    return _of_both(uow, "karim")


@pytest.fixture
def nadia(uow: UnitOfWork, town: Town) -> int:
    return _of_both(uow, "nadia")


def _of_both(uow: UnitOfWork, name: str) -> int:
    """Who works in the roads and in the lighting."""
    given.organization(uow)
    return create_account(
        uow,
        email=f"{name}@rivebois.example",
        password=given.PASSWORD,
        first_name=name.title(),
        last_name="Belkacem",
        organization_code="metropole",
        grants=[RoleGrant("field_agent", unit_code=code) for code in ("voirie", "eclairage")],
    )


def _open(uow: UnitOfWork, unit_id: int, key: str, begins: time, ends: time, *agents: int) -> int:
    opening = Opening(
        key=key,
        meeting="phone",
        unit_id=unit_id,
        first_on=date(2026, 9, 16),
        last_on=date(2026, 9, 16),
        weekdays=frozenset({2}),
        begins=begins,
        ends=ends,
        minutes=30,
        agent_ids=agents,
    )
    return open_slots(uow, opening, lambda day: False)


def test_two_moments_of_one_agent_never_overlap(uow: UnitOfWork, town: Town, karim: int, nadia: int) -> None:
    assert _open(uow, town.roads, "a", time(14), time(15), karim) == 2
    for begins, ends in ((time(14, 15), time(14, 45)), (time(13, 45), time(15, 15)), (time(14), time(15))):
        with pytest.raises(Invalid) as refusal:
            _open(uow, town.lighting, f"{begins}", begins, ends, nadia, karim)
        assert refusal.value.fields == {"agent": "agent_taken"}


def test_one_after_the_other_somebody_else_and_the_same_form_again_are_fine(
    uow: UnitOfWork, town: Town, karim: int, nadia: int
) -> None:
    assert _open(uow, town.roads, "a", time(14), time(15), karim) == 2
    assert _open(uow, town.roads, "a", time(14), time(15), karim) == 0  # sent twice
    assert _open(uow, town.roads, "b", time(15), time(16), karim) == 2
    assert _open(uow, town.roads, "c", time(14), time(15), nadia) == 2
    assert _open(uow, town.roads, "d", time(14), time(15)) == 2  # of nobody in particular


def test_a_moment_taken_back_frees_its_agent(uow: UnitOfWork, town: Town, karim: int) -> None:
    _open(uow, town.roads, "a", time(14), time(14, 30), karim)
    withdraw_slot(uow, uow.session.scalars(sa.select(Slot.id)).one())
    assert _open(uow, town.lighting, "b", time(14), time(14, 30), karim) == 1


def test_who_leaves_gives_their_seats_away(uow: UnitOfWork, town: Town, karim: int, nadia: int) -> None:
    _open(uow, town.roads, "alone", time(14), time(15), karim)
    _open(uow, town.roads, "both", time(16), time(16, 30), karim, nadia)
    _open(uow, town.lighting, "hers", time(14), time(14, 30), nadia)
    early, hers, late, both = uow.session.scalars(sa.select(Slot.id).order_by(Slot.starts_at, Slot.id))
    names = {
        slot: book_appointment(uow, given.open_case(uow, town.book), slot, key=f"{slot}")
        for slot in (early, both)
    }
    second = book_appointment(uow, given.open_case(uow, town.book), both, key="second")
    cancel_appointment(uow, names[both])
    assert left_behind(uow.session, SYSTEM, karim, uow.now) == LeftBehind(0, 0, 0, appointments=1, seats=2)
    deactivate_agent(uow, karim, heir_id=nadia)
    uow.session.expire_all()
    assert [uow.session.get_one(Slot, id_).agent_ids for id_ in (early, both)] == [[None], [nadia]]
    assert uow.session.get_one(Slot, late).withdrawn_at is not None
    assert appointment_by_id(uow.session, second).agent_id == nadia, "who had the second seat keeps her"
    assert seats_held(uow.session, nadia, uow.now) == (1, 1) and hers


def test_who_receives_is_of_the_service_that_opens(uow: UnitOfWork, town: Town, karim: int) -> None:
    for unit_id, agent in ((town.town_hall, karim), (town.roads, karim + 1)):
        with pytest.raises(Invalid) as refusal:
            _open(uow, unit_id, "a", time(14), time(15), agent)
        assert refusal.value.fields == {"agent": "unknown"}


@pytest.fixture
def at_work(servers: Servers) -> Iterator[Units]:
    with own_units(servers.database_url, "diaries", FrozenClock(NOW), {}) as units:
        yield units


def test_of_two_services_at_the_same_instant_one_has_the_agent(at_work: Units) -> None:
    with at_work.begin(SYSTEM) as uow:
        town = given.town(uow)
        karim = _of_both(uow, "karim")

    def opens(unit_id: int) -> object:
        try:
            with at_work.begin(SYSTEM) as uow:
                return _open(uow, unit_id, f"of {unit_id}", time(14), time(15), karim)
        except Invalid as refusal:
            return refusal.fields

    assert sorted(at_once(opens, town.roads, town.lighting), key=str) == [2, {"agent": "agent_taken"}]
