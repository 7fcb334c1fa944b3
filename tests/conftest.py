"""Real servers for every test: one PostgreSQL, Redis and mail sink a run, one rolled-back session a test."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import sessionmaker

from crm.foundation import ROOT, SYSTEM, FrozenClock, Sessions, UnitOfWork, Units, open_engine
from crm.reactions import REACTIONS
from crm.territory import forget as forget_territory
from tests.s3_server import S3Server
from tests.servers import Servers, start_test_servers

OPEN_DATA = ROOT.parent / "shared" / "data"
_real_connect = socket.socket.connect


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the open data its tests are left out, and the run says so."""
    if OPEN_DATA.is_dir():
        return
    needing = [item for item in items if item.get_closest_marker("open_data")]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in needing]
    config.stash[_LEFT_OUT] = len(needing)
    if hasattr(config, "workeroutput"):  # one of several processes: the first tells for all
        config.workeroutput["left_out"] = len(needing)


_LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"Left out for want of the open data ({OPEN_DATA.name}/): {left_out} tests"
        )


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may speak to the outside."""

    def connect(self: socket.socket, address: object) -> object:
        local = isinstance(address, str) or str(address[0]) in {"127.0.0.1", "::1", "localhost"}  # type: ignore[index]
        assert local, f"a test tried to reach {address}"
        return _real_connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real one: the Chromium that `make` found or installed, else the one of PATH, else Playwright's."""
    ours = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=ours, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    started = start_test_servers(tmp_path_factory.mktemp("servers"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A module's own: a story may stop it."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def engine(servers: Servers) -> Iterator[sa.Engine]:
    """A migrated database that this run owns."""
    os.environ["DATABASE_URL"] = servers.database_url
    command.upgrade(Config(str(ROOT / "alembic.ini")), "head")
    opened = open_engine(servers.database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sessions(engine: sa.Engine) -> Iterator[Sessions]:
    """Sessions whose commits are savepoints of one transaction, undone when the test ends."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        outer.rollback()
    forget_territory()  # what is kept in memory came from the transaction just undone


@pytest.fixture
def clock() -> FrozenClock:
    """A Saturday-free moment: Tuesday 15 September 2026, 10:00 in Paris."""
    return FrozenClock(datetime(2026, 9, 15, 8, 0, tzinfo=UTC))


@pytest.fixture
def units(sessions: Sessions, clock: FrozenClock) -> Units:
    return Units(sessions, clock, REACTIONS)


@pytest.fixture
def uow(units: Units) -> Iterator[UnitOfWork]:
    """The programme itself at work: may do everything."""
    with units.begin(SYSTEM) as unit:
        yield unit


@pytest.fixture(scope="session")
def open_data() -> Path:
    return OPEN_DATA
