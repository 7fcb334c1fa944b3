"""A small invented territory, and the real one of the open data, each loaded as an operator would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.territory import Loaded, forget, load_addresses, load_territory
from tests.territory.given import ADDRESSES, DECEPTIVE_STREETS, STREETS, two_communes

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What is kept in memory belongs to one test: the database it came from is rolled back."""
    forget()
    yield
    forget()


@pytest.fixture
def communes(units: Units, tmp_path: Path) -> Loaded:
    with units.begin(SYSTEM) as uow:
        return load_territory(uow, two_communes(tmp_path))


@pytest.fixture
def session(units: Units, communes: Loaded, tmp_path: Path) -> Iterator[Session]:
    """Reads a territory of two communes with homonym streets."""
    streets, addresses = tmp_path / "voies.csv", tmp_path / "adresses.csv"
    streets.write_text(STREETS + DECEPTIVE_STREETS, encoding="utf-8")
    addresses.write_text(ADDRESSES, encoding="utf-8")
    with units.begin(SYSTEM) as uow:
        load_addresses(uow, addresses, streets=streets)
    with units.reading() as reading:
        yield reading


@pytest.fixture(scope="module")
def montpellier(engine: sa.Engine, open_data: Path) -> Iterator[Sessions]:
    """The real files, loaded once for the tests of a module and undone after them."""
    geo = open_data / "geo"
    forget()
    with engine.connect() as connection:
        outer = connection.begin()
        made = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        with Units(made, FrozenClock(NOW), {}).begin(SYSTEM) as uow:
            load_territory(uow, geo / "communes_montpellier_3m.geojson")
            load_territory(uow, geo / "sousquartiers_montpellier.geojson")
            load_addresses(uow, geo / "adresses_montpellier.csv", streets=geo / "voies_montpellier.csv")
        yield made
        outer.rollback()
