"""Several agents take the last seat at the same moment, on real commits: one has it, the others hear no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa

from crm.appointments import book_appointment
from crm.appointments.models import Appointment, Slot
from crm.foundation import (
    SYSTEM,
    Conflict,
    FrozenClock,
    Units,
    open_engine,
    session_factory,
)
from tests import given
from tests.own_database import create_database
from tests.servers import Servers
from tests.waiting import at_once

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
AGENTS = 8


@pytest.fixture(scope="module")
def real(servers: Servers) -> Iterator[sa.Engine]:
    opened = open_engine(create_database(servers.database_url, "appointments"), pool_size=AGENTS)
    yield opened
    opened.dispose()


@pytest.fixture
def at_work(real: sa.Engine) -> Units:
    return Units(session_factory(real), FrozenClock(NOW), {})


def _slot(units: Units, seats: int) -> tuple[int, list[str]]:
    with units.begin(SYSTEM) as uow:
        found = uow.session.scalar(sa.select(Slot.unit_id).limit(1))
        if found is None:
            town = given.town(uow)
            roads, book = town.roads, town.book
        else:
            roads, book = found, given.rulebook(uow)
        row = Slot(
            opening_key=f"{seats}-{found}",
            meeting="phone",
            unit_id=roads,
            starts_at=NOW + timedelta(days=1),
            ends_at=NOW + timedelta(days=1, minutes=20),
            seats=seats,
            agent_ids=[],
            opened_at=NOW,
        )
        uow.session.add(row)
        uow.session.flush()
        return row.id, [given.open_case(uow, book) for _ in range(AGENTS)]


@pytest.mark.parametrize("seats", [1, 3])
def test_no_seat_is_given_twice(real: sa.Engine, at_work: Units, seats: int) -> None:
    slot_id, references = _slot(at_work, seats)

    def book(reference: str) -> int | Conflict:
        try:
            with at_work.begin(SYSTEM) as uow:
                return book_appointment(uow, reference, slot_id, key=reference)
        except Conflict as refused:
            return refused

    told = at_once(book, *references)
    assert sum(isinstance(one, int) for one in told) == seats
    assert sum(isinstance(one, Conflict) for one in told) == AGENTS - seats
    with at_work.reading() as session:
        taken = session.scalars(sa.select(Appointment.seat).where(Appointment.slot_id == slot_id)).all()
    assert sorted(taken) == list(range(seats))


def test_the_database_itself_refuses_a_seat_that_is_taken(real: sa.Engine, at_work: Units) -> None:
    slot_id, references = _slot(at_work, 50)
    with at_work.begin(SYSTEM) as uow:
        book_appointment(uow, references[0], slot_id, key="first")
    twin = (
        "INSERT INTO appointments (key, slot_id, seat, case_id, state, booked_at)"
        " SELECT 'twin', slot_id, seat, case_id, state, booked_at FROM appointments WHERE key = 'first'"
    )
    with real.connect() as connection, pytest.raises(sa.exc.IntegrityError) as refused:
        connection.execute(sa.text(twin))
    assert isinstance(refused.value.orig, psycopg.errors.UniqueViolation)
    assert "uq_appointments_seat" in str(refused.value.orig)
