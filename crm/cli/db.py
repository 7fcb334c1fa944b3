"""`crm db`: the schema of the database."""

from __future__ import annotations

from collections.abc import Callable

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from crm.cli.ground import DATABASE, servers
from crm.cli.speech import Refusal
from crm.foundation import ROOT, Settings, open_engine


@click.group()
def db() -> None:
    """Le schéma de la base de données."""


@db.command()
@click.argument("revision", default="head", metavar="[VERSION]")
def upgrade(revision: str) -> None:
    """Met le schéma à jour (une seule mise à jour à la fois)."""
    with servers(DATABASE) as settings:
        _migrate(command.upgrade, revision)
        click.echo(f"Schéma à jour : {schema_version(settings) or 'vide'}.")


@db.command()
@click.argument("revision", default="-1", metavar="[VERSION]")
@click.confirmation_option(prompt="Revenir en arrière peut effacer des données. Continuer")
def downgrade(revision: str) -> None:
    """Revient à une version précédente du schéma (par défaut celle d’avant)."""
    with servers(DATABASE) as settings:
        _migrate(command.downgrade, revision)
        click.echo(f"Schéma ramené à : {schema_version(settings) or 'vide'}.")


@db.command()
def check() -> None:
    """Dit si le schéma est celui que le programme attend."""
    with servers(DATABASE) as settings:
        click.echo(f"Le schéma est à jour : {expected_schema(settings)}.")


def expected_schema(settings: Settings) -> str | None:
    """The schema's version.

    Raises:
        Refusal: it is not the one that the programme needs; says what to run.
    """
    found, expected = schema_version(settings), newest_version()
    if found != expected:
        raise Refusal(
            f"Le schéma est en version {found or 'vide'}, le programme attend {expected} :"
            " lancez « crm db upgrade »."
        )
    return found


def alembic_config() -> Config:
    return Config(str(ROOT / "alembic.ini"))


def newest_version() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def schema_version(settings: Settings) -> str | None:
    engine = open_engine(settings.database_url, forked=True)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _migrate(verb: Callable[[Config, str], None], revision: str) -> None:
    try:
        verb(alembic_config(), revision)
    except CommandError as wrong:
        raise Refusal(f"Version de schéma impossible : {wrong}.") from wrong
    except sa.exc.OperationalError as busy:
        if "lock timeout" not in str(busy):
            raise
        raise Refusal(
            "La base est occupée : une opération longue tient une table."
            " Rien n’a changé, réessayez dans un moment."
        ) from busy
