"""A demand is registered for a sheet while it is being merged: on real commits, none is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from crm.contacts import NewContact, contact_card, find_or_create_contact
from crm.foundation import (
    SYSTEM,
    Conflict,
    SystemClock,
    UnitOfWork,
    Units,
    open_engine,
    session_factory,
)
from crm.interactions import Interaction, record_interaction
from tests.contacts.people import merge, person
from tests.own_database import create_database
from tests.servers import Servers


@pytest.fixture(scope="module")
def real(servers: Servers) -> Iterator[sa.Engine]:
    opened = open_engine(create_database(servers.database_url, "identity"))
    yield opened
    opened.dispose()


@pytest.fixture
def at_work(real: sa.Engine) -> Units:
    return Units(session_factory(real), SystemClock(), {})


@pytest.fixture
def two(at_work: Units) -> tuple[int, int]:
    with at_work.begin(SYSTEM) as uow:
        return person(uow), person(uow, first_name="Awa")


def _beside(units: Units, act: Callable[[UnitOfWork], object]) -> tuple[threading.Thread, list[object]]:
    """Another connection that tries the act, and what came of it."""
    told: list[object] = []

    def run() -> None:
        try:
            with units.begin(SYSTEM) as uow:
                told.append(act(uow))
        except Conflict as clash:
            told.append(clash)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def _until_one_waits(real: sa.Engine) -> None:
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with real.connect() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_demand_registered_before_the_merge_follows(
    real: sa.Engine, at_work: Units, two: tuple[int, int]
) -> None:
    kept, gone = two
    with at_work.begin(SYSTEM) as uow:
        find_or_create_contact(uow, NewContact(phone="0639980001"), contact_id=gone)
        thread, told = _beside(at_work, lambda other: merge(other, kept, gone))
        _until_one_waits(real)
        said = record_interaction(uow, None, None, channel="phone", kind="call", contact_id=gone)
    thread.join()
    assert len(told) == 1 and not isinstance(told[0], Conflict)
    with at_work.reading() as session:
        assert session.scalar(sa.select(Interaction.contact_id).where(Interaction.id == said)) == kept
        assert [point.value for point in contact_card(session, kept).points] == ["+33639980001"]


def test_a_demand_registered_during_the_merge_goes_to_the_one_that_stays(
    real: sa.Engine, at_work: Units, two: tuple[int, int]
) -> None:
    kept, gone = two
    phone = NewContact(phone="0639980002")
    with at_work.begin(SYSTEM) as uow:
        merge(uow, kept, gone)
        thread, told = _beside(at_work, lambda other: find_or_create_contact(other, phone, contact_id=gone))
        _until_one_waits(real)
    thread.join()
    assert told == [kept]
    with at_work.reading() as session:
        assert [point.value for point in contact_card(session, kept).points] == ["+33639980002"]


def test_two_agents_merge_the_same_two_and_one_is_told(
    real: sa.Engine, at_work: Units, two: tuple[int, int]
) -> None:
    kept, gone = two
    with at_work.begin(SYSTEM) as uow:
        merge(uow, kept, gone)
        thread, told = _beside(at_work, lambda other: merge(other, gone, kept))
        _until_one_waits(real)
    thread.join()
    assert isinstance(told[0], Conflict)
