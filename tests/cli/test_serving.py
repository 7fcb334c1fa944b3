"""What a production server loads before its processes fork."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from crm.app.serving import serving
from tests.servers import Servers


@pytest.fixture
def _collector() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_collector")
def test_no_connection_is_open_when_processes_fork(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes on one connection would read each other's answers."""
    monkeypatch.setenv("DATABASE_URL", servers.database_url)
    monkeypatch.setenv("REDIS_URL", servers.redis_url)
    monkeypatch.setenv("CRM_SECRET_KEY", "not a secret: a test")
    wired = serving().extensions["crm"]
    assert wired.engine.pool.checkedin() == wired.engine.pool.checkedout() == 0
    assert not wired.redis.connection_pool._available_connections


@pytest.mark.usefixtures("_collector")
def test_it_is_ready_though_no_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://crm@127.0.0.1:1/crm")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("CRM_SECRET_KEY", "not a secret: a test")
    assert serving().test_client().get("/healthz").status_code == 200
