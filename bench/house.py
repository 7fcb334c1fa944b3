"""The servers a run measures against, and the population: built once for a number of cases, then copied."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config

from bench import orders, population
from crm.cli.db import newest_version
from crm.cli.demo import loading
from crm.cli.embedded import Embedded, free_port
from crm.cli.ground import var_folder
from crm.foundation import ROOT, Settings, SystemClock, Units, open_engine, session_factory
from crm.reactions import REACTIONS

_SEED = 2026
_KEPT = "population"


@dataclass(frozen=True, slots=True)
class House:
    """Where everything is for one run.

    Args:
        environment: what makes a programme of ours use these servers.
    """

    folder: Path
    cases: int
    environment: dict[str, str]
    settings: Settings

    @property
    def database_url(self) -> str:
        return self.settings.database_url

    @property
    def address(self) -> tuple[str, int]:
        return self.settings.web.host, self.settings.port

    @property
    def accounts(self) -> Path:
        return self.folder / "demo-accounts.json"


def results_folder() -> Path:
    return var_folder(Settings.load()) / "bench"


@contextmanager
def open_house(cases: int) -> Iterator[House]:
    """Servers of our own under var/bench/<cases>, stopped at the end; the population stays for next time."""
    folder = results_folder() / str(cases)
    embedded = Embedded(folder, tied=True)
    embedded.start()
    try:
        environment = {
            **os.environ,
            **embedded.environment(),
            "CRM_VAR": str(folder),
            "CRM_SECRET_KEY": secrets.token_urlsafe(48),
            "CRM_PHONE_SECRET": secrets.token_urlsafe(24),
            "PORT": str(free_port()),
            "PYTHONUNBUFFERED": "1",
        }
        house = House(folder, cases, environment, Settings.load(environ=environment))
        _prepare(house)
        yield house
    finally:
        embedded.stop()


def _prepare(house: House) -> None:
    with _server(house) as server:
        if _mark(server) != _fingerprint(house.cases):
            _populate(house, server)
        began = time.monotonic()
        server.execute("DROP DATABASE IF EXISTS crm WITH (FORCE)")
        server.execute(f"CREATE DATABASE crm TEMPLATE {_KEPT} STRATEGY file_copy")
        server.execute("CHECKPOINT")
        print(f"Copied the population ({time.monotonic() - began:.1f} s)", flush=True)


def _populate(house: House, server: psycopg.Connection) -> None:
    began = time.monotonic()
    print(f"Building {house.cases:,} cases…", flush=True)
    server.execute(f"DROP DATABASE IF EXISTS {_KEPT} WITH (FORCE)")
    server.execute(f"CREATE DATABASE {_KEPT}")
    url = _url(house, _KEPT)
    engine = open_engine(url, forked=True)
    with engine.connect() as connection:
        config = Config(str(ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    units = Units(session_factory(engine), SystemClock(), REACTIONS)
    loading.load_demo(units, house.folder, lambda _: None, with_history=False)
    population.populate(url, house.cases, _SEED)
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as kept:
        kept.execute("VACUUM (ANALYZE)")
    server.execute(f"COMMENT ON DATABASE {_KEPT} IS '{_fingerprint(house.cases)}'")
    print(f"Built in {time.monotonic() - began:.0f} s", flush=True)


def _fingerprint(cases: int) -> str:
    """Changes with the schema and with the programme that makes the cases."""
    sources = [Path(made.__file__) for made in (population, orders)]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    return f"{cases} {newest_version()} {digest.hexdigest()[:16]}"


def _mark(server: psycopg.Connection) -> str:
    row = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [_KEPT]
    ).fetchone()
    return str(row[0]) if row else ""


@contextmanager
def _server(house: House) -> Iterator[psycopg.Connection]:
    with psycopg.connect(_url(house, "postgres"), autocommit=True) as connection:
        yield connection


def _url(house: House, name: str) -> str:
    return house.database_url.replace("@/crm?", f"@/{name}?")
