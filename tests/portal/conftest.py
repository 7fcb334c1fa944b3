"""A resident in front of the public pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.foundation import FrozenClock, Sessions, Units
from crm.http import limits
from crm.territory import forget
from tests.doors import make_app, small_world
from tests.servers import Servers


@pytest.fixture
def services(units: Units, tmp_path: Path) -> dict[str, int]:
    return small_world(units, tmp_path)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine Redis may take its time: a limiter that does without it would count anew."""
    monkeypatch.setattr(limits, "PATIENCE_SECONDS", 60)


@pytest.fixture
def app(
    services: dict[str, int], sessions: Sessions, clock: FrozenClock, servers: Servers
) -> Iterator[Flask]:
    yield make_app(sessions, clock, servers)
    forget()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
