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
from rich.progress import Progress
from sqlalchemy.orm import Session

from crm.cases import fill_texts
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


@db.command("index-texts")
def index_texts() -> None:
    """Rend trouvables par leurs mots les demandes d’avant la recherche (se reprend sans risque)."""
    with servers(DATABASE) as settings:
        engine = open_engine(settings.database_url, forked=True)
        with Progress(transient=True) as bar:
            task, last, added = bar.add_task("Demandes", total=_newest_case(engine)), 0, 0
            while (part := _index_part(engine, last))[0] is not None:
                last, added = part[0] or last, added + part[1]
                bar.update(task, completed=last)
        click.echo(f"Demandes rendues trouvables : {added}.")


def _newest_case(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT coalesce(max(id), 0) FROM cases")) or 0


def _index_part(engine: sa.Engine, after: int) -> tuple[int | None, int]:
    """One short transaction: work goes on beside."""
    with Session(engine) as session:
        part = fill_texts(session, after)
        session.commit()
        return part


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
            " Réessayez dans un moment : ce qui est fait le reste."
        ) from busy
