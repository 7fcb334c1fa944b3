"""Migrations follow one another in the order of their names, which is how a web process knows the newest."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from crm.foundation import ROOT


def test_migrations_follow_one_another_in_the_order_of_their_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    chain = [script.revision for script in scripts.walk_revisions()][::-1]
    assert len(scripts.get_heads()) == 1
    assert chain == sorted(file.stem for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
