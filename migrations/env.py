"""Runs the migrations, one at a time, giving up rather than blocking the desk."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import context

import crm
from crm.foundation import Base, Settings, open_engine

_LOCK = 7_305_220_191  # any number of ours: two upgrades at once wait for one another

# `alembic check` is blind to a model that nobody imported.
for _models in sorted(Path(crm.__path__[0]).rglob("models.py")):
    import_module(".".join(("crm", *_models.relative_to(crm.__path__[0]).with_suffix("").parts)))


def _run(connection: sa.Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    given: sa.Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = open_engine(Settings.load().database_url, forked=True)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK})
        connection.execute(sa.text("SET lock_timeout = '2s'"))
        connection.commit()
        try:
            _run(connection)
        finally:
            connection.rollback()
            connection.execute(sa.text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK})


run()
