"""A house of its own: servers, relay and workers as real processes that a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from alembic import command
from alembic.config import Config

from crm.cli.embedded import KINDS, Embedded, outbox
from crm.foundation import ROOT, Settings, open_engine
from crm.wiring import Wiring, wire


class House:
    def __init__(self, folder: Path) -> None:
        self._servers = Embedded(folder, tied=True)
        self._servers.start()
        self._log = (folder / "log" / "parts.log").open("ab")
        self.outbox = outbox(self._servers.var)
        self.settings: Settings = self._servers.settings()
        self._migrate()
        self.wired: Wiring = wire(self.settings)
        self._parts: list[subprocess.Popen[bytes]] = []

    def _migrate(self) -> None:
        engine = open_engine(self.settings.database_url, forked=True)
        config = Config(str(ROOT / "alembic.ini"))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def run(self, module: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self._servers.environment()}
        part = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environment, stdout=self._log, stderr=self._log
        )
        self._parts.append(part)
        return part

    def kill(self, part: subprocess.Popen[bytes]) -> None:
        part.send_signal(signal.SIGKILL)
        part.wait()

    def stop_server(self, name: str) -> None:
        (kind,) = (kind for kind in KINDS if kind.name == name)
        kind.stop(self._servers.notes[name])

    def start_server(self, name: str) -> None:
        (kind,) = (kind for kind in KINDS if kind.name == name)
        self._servers.ensure(kind)

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.settings.redis_url) as client:
            client.flushall()

    def close(self) -> None:
        for part in self._parts:
            if part.poll() is None:
                part.terminate()
        for part in self._parts:
            part.wait(30)
        self.wired.close()
        self._log.close()
        self._servers.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()
