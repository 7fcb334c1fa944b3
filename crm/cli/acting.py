"""How a command acts on the database. Apart from ground.py: `crm run all` starts sooner without the rooms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm.cli.ground import DATABASE, servers
from crm.foundation import SystemClock, Units, open_engine, session_factory
from crm.reactions import ON_DEMAND, REACTIONS


@contextmanager
def units_of_work() -> Iterator[Units]:
    """To act on the database from the command line."""
    with servers(DATABASE) as settings:
        engine = open_engine(settings.database_url)
        try:
            sessions = session_factory(engine, alsace_moselle=settings.alsace_moselle)
            yield Units(sessions, SystemClock(), REACTIONS, ON_DEMAND)
        finally:
            engine.dispose()
