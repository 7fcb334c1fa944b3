"""A large database from before the search: the upgrade leaves its words out, one command makes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from crm.cases import search_cases
from crm.cli import db
from crm.foundation import ROOT, open_engine, session_factory
from tests import given
from tests.cli.test_commands import crm
from tests.own_database import create_database
from tests.servers import Servers

MANY = 20_001  # one more than the upgrade fills by itself
_OLD_CASES = """
INSERT INTO cases (reference, key, public_token, state, channel, priority, object,
                   received_at, created_at, updated_at, due_at)
SELECT '2026-' || lpad(n::text, 6, '0') || '-00', 'k' || n, 't' || n, 'registered', 'phone', 3,
       CASE WHEN n = 7 THEN 'Une girafe sur le trottoir' ELSE 'Lampadaire éteint' END,
       now(), now(), now(), now()
FROM generate_series(1, :many) AS n
"""


@pytest.fixture(scope="module")
def engine(servers: Servers) -> Iterator[sa.Engine]:
    """As it was before the search, then upgraded."""
    made = open_engine(create_database(servers.database_url, "before_search", "0008_followers"), forked=True)
    with made.begin() as connection:
        connection.execute(sa.text(_OLD_CASES), {"many": MANY})
    config = Config(str(ROOT / "alembic.ini"))
    with made.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    yield made
    made.dispose()


def _indexed(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM case_texts")).scalar_one()


def _found(engine: sa.Engine, words: str) -> list[str]:
    with session_factory(engine)() as session:
        return [case.reference for case in search_cases(session, given.actor("supervisor"), words).cases]


def test_older_demands_are_found_by_their_words_once_the_command_was_run(
    engine: sa.Engine, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "REDIS_URL": servers.redis_url,
        "CRM_VAR": str(tmp_path),
    }
    assert _indexed(engine) == 0 and _found(engine, "girafe") == []

    with monkeypatch.context() as patched:  # somebody presses Ctrl+C after the second part
        parts: list[int] = []
        whole = db._index_part

        def stopped(held: sa.Engine, after: int) -> tuple[int | None, int]:
            if len(parts) == 2:
                raise KeyboardInterrupt
            parts.append(after)
            return whole(held, after)

        patched.setattr(db, "_index_part", stopped)
        assert crm("db", "index-texts", **named).returncode != 0
    assert _indexed(engine) == 10_000 and _found(engine, "girafe") == ["2026-000007-00"]

    told = crm("db", "index-texts", **named)
    assert (told.returncode, told.stdout.strip()) == (0, "Demandes rendues trouvables : 10001.")
    assert _indexed(engine) == MANY
    assert crm("db", "index-texts", **named).stdout.strip() == "Demandes rendues trouvables : 0."
