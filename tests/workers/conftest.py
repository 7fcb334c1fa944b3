"""Workers use connections of their own: their tests have a database where commits are real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.appointments.models import Slot
from crm.cases import Rulebook
from crm.foundation import PARIS, SYSTEM, Delivery, FrozenClock, Settings, Units
from crm.interactions import Interaction
from crm.notifications import TimetableRun
from crm.wiring import Wiring, wire
from tests.own_database import create_database, wired_to
from tests.servers import Servers
from tests.web.world import World, make_world

_WORLD: list[World] = []


@pytest.fixture(scope="session")
def workers_database(servers: Servers) -> str:
    return create_database(servers.database_url, "workers")


@pytest.fixture
def wired(workers_database: str, servers: Servers) -> Iterator[Wiring]:
    """A process's wiring on an outbox that holds nothing; facts stay, nobody may delete them."""
    made = wired_to(workers_database, servers.redis_url, servers.smtp_port)
    with made.engine.begin() as connection:
        for table in (Delivery, Interaction, TimetableRun):
            connection.execute(sa.delete(table))
    made.redis.flushdb()
    yield made
    made.close()


@pytest.fixture
def held(units: Units, servers: Servers, clock: FrozenClock) -> Iterator[Wiring]:
    """Workers' wiring on the rolled-back session of the test."""
    made = wire(Settings(database_url=servers.database_url, redis_url=servers.redis_url), clock=clock)
    yield replace(made, units=units)
    made.close()


@pytest.fixture
def world(wired: Wiring, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two communes and the delivered texts, made once in a database where facts stay."""
    if not _WORLD:
        _WORLD.append(make_world(wired.sessions, tmp_path_factory.mktemp("world")))
    return _WORLD[0]


@pytest.fixture
def book(world: World) -> Rulebook:
    return world.book


@pytest.fixture
def slots(wired: Wiring, world: World) -> list[int]:
    """Tomorrow afternoon, twice, by the roads."""
    tomorrow = datetime.now(UTC).astimezone(PARIS).replace(hour=14, minute=0, second=0, microsecond=0)
    with wired.units.begin(SYSTEM) as uow:
        rows = [
            Slot(
                opening_key=uuid4().hex,
                meeting="office",
                place="4 quai des Forges",
                unit_id=world.services["voirie"],
                starts_at=tomorrow + timedelta(days=1, hours=n),
                ends_at=tomorrow + timedelta(days=1, hours=n, minutes=20),
                seats=1,
                agent_ids=[],
                opened_at=uow.now,
            )
            for n in (0, 1)
        ]
        uow.session.add_all(rows)
        uow.session.flush()
        return [row.id for row in rows]
