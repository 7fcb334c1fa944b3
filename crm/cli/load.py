"""`crm load`: the files a centre takes in. Taking the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.progress import Progress

from crm.cli.ground import DATABASE, wired
from crm.foundation import SYSTEM, UnitOfWork
from crm.territory import Loaded, load_addresses, load_streets, load_territory

_SHOWN_REFUSALS = 20
existing_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FICHIER"
)


@click.group()
def load() -> None:
    """Charge un fichier : territoire, voies, adresses, catalogue, compétences."""


@load.command()
@existing_file
def territory(file: Path) -> None:
    """Les communes ou les secteurs (GeoJSON, avec leurs codes INSEE)."""
    _take(lambda uow: load_territory(uow, file))


@load.command()
@existing_file
@click.option("--insee", default=None, help="Commune des lignes qui ne la disent pas.")
def streets(file: Path, insee: str | None) -> None:
    """Les voies et leurs propriétaires (CSV)."""
    _take(lambda uow: load_streets(uow, file, insee=insee))


@load.command()
@existing_file
@click.option(
    "--streets",
    default=None,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fichier des voies, qui dit à qui elles sont.",
)
def addresses(file: Path, streets: Path | None) -> None:
    """Les adresses (CSV de la Base adresse nationale)."""
    with Progress(transient=True) as bar:
        task = bar.add_task("Adresses")
        _take(
            lambda uow: load_addresses(
                uow,
                file,
                streets=streets,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        )


def _take(action: Callable[[UnitOfWork], Loaded]) -> None:
    with wired(DATABASE) as wiring, wiring.units.begin(SYSTEM) as uow:
        loaded = action(uow)
    click.echo(f"{loaded.rows} lignes acceptées, dont {loaded.changed} nouvelles ou changées.")
    for refusal in loaded.refused[:_SHOWN_REFUSALS]:
        click.echo(f"  ligne {refusal.line} refusée : {refusal.reason}", err=True)
    if (hidden := len(loaded.refused) - _SHOWN_REFUSALS) > 0:
        click.echo(f"  … et {hidden} autres lignes refusées.", err=True)
