"""The demonstration on a database of its own, with a short history: loading it is the slow part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from crm.cli.demo.accounts import create_accounts
from crm.cli.demo.history import load_history
from crm.cli.demo.loading import _ground, _rules
from crm.foundation import SYSTEM, FrozenClock, Units, open_engine, session_factory
from crm.reactions import REACTIONS
from tests.own_database import create_database
from tests.servers import Servers

CASES, PEOPLE = 1500, 540
NOW = datetime(2026, 9, 15, 12, 30, tzinfo=UTC)  # a Tuesday, 14:30 in Paris


@pytest.fixture(scope="session")
def ground(servers: Servers) -> Iterator[Units]:
    """Territory, services, rules and accounts, without any demand yet."""
    engine = open_engine(create_database(servers.database_url, "demonstration"))
    units = Units(session_factory(engine), FrozenClock(NOW), REACTIONS)
    with units.begin(SYSTEM) as uow, tempfile.TemporaryDirectory() as folder:
        _ground(uow)
        _rules(uow)
        create_accounts(uow, Path(folder) / "accounts.json")
    yield units
    engine.dispose()


@pytest.fixture(scope="module")
def history(ground: Units) -> Iterator[Session]:
    """The same with a history, read by the tests and undone with them."""
    uow = ground.begin(SYSTEM)
    load_history(uow, cases=CASES, people=PEOPLE)
    uow.write_events()
    yield uow.session
    uow.session.rollback()
    uow.session.close()
