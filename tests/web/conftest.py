"""Agents in front of the console. The world is made once; what a test does to it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions, open_engine, session_factory
from crm.foundation.settings import Messages
from crm.territory import forget
from tests.doors import make_app
from tests.own_database import create_database
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.world import World, make_world


@pytest.fixture(scope="session")
def doors_engine(servers: Servers) -> Iterator[sa.Engine]:
    opened = open_engine(create_database(servers.database_url, "doors"))
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def world(doors_engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(session_factory(doors_engine), tmp_path_factory.mktemp("world"))


@pytest.fixture
def sessions(doors_engine: sa.Engine, world: World) -> Iterator[Sessions]:
    with doors_engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        outer.rollback()


@pytest.fixture
def app(sessions: Sessions, clock: FrozenClock, servers: Servers) -> Iterator[Flask]:
    yield make_app(sessions, clock, servers)
    forget()


@pytest.fixture
def log_in(app: Flask, world: World) -> Callable[[str], Browser]:
    """`log_in("advisor")`: that agent's browser, with a token for its forms."""

    def enter(who: str) -> Browser:
        browser = Browser(app)
        browser.enter(world.ids[who])
        return browser

    return enter


@pytest.fixture
def trench(log_in: Callable[[str], Browser], world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A street light's demand, in progress; its service asked the roads' one for a work order, number 1."""
    reference = world.case(sessions, clock, CaseState.IN_PROGRESS, category_code="ECLA-01")
    told = {"unit_id": world.services["voirie"], "work": "Reboucher la tranchée.", "key": "k" * 24}
    answer = log_in("lighting").post(f"/console/demandes/{reference}/interventions", **told)
    assert answer.status_code == 303
    return reference


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Somebody who has not logged in."""
    return Browser(app)


@pytest.fixture
def held(app: Flask) -> None:
    """As delivered: an agent's message waits fifteen seconds."""
    wired = app.extensions["crm"]
    told = wired.settings.model_copy(update={"messages": Messages(undo_seconds=15)})
    app.extensions["crm"] = replace(wired, settings=told)
