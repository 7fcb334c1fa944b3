"""`crm load`: the files a centre takes in. Taking the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.progress import Progress

from crm.catalogue import load_catalogue
from crm.cli.acting import units_of_work
from crm.cli.files import existing_file, existing_folder, streets_option
from crm.foundation import SYSTEM, UnitOfWork
from crm.knowledge import load_replies
from crm.routing import load_routing
from crm.staff import load_organizations
from crm.territory import Loaded, communes, load_addresses, load_streets, load_territory

_SHOWN_REFUSALS = 20


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
@streets_option
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


@load.command()
@existing_file
def organizations(file: Path) -> None:
    """Les organisations et leurs services (TOML)."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        names = {line.insee: line.name for line in communes(uow.session)}
        organizations, services = load_organizations(uow, file, names)
    click.echo(f"{organizations} organisations, {services} services.")


@load.command()
@existing_folder
def catalogue(folder: Path) -> None:
    """Le catalogue des demandes (un dossier de fichiers TOML)."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        loaded = load_catalogue(uow, folder)
    click.echo(
        f"{loaded.domains} domaines, {loaded.categories} catégories, {loaded.questions} questions ;"
        f" {loaded.retired} catégories retirées."
    )
    if loaded.kept:
        click.echo(f"Publiés à l’écran, laissés tels quels : {', '.join(loaded.kept)}.")


@load.command()
@existing_folder
def replies(folder: Path) -> None:
    """Les modèles de messages (un dossier de fichiers TOML)."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        loaded = load_replies(uow, folder)
    click.echo("Modèles de messages chargés.")
    if loaded.kept:
        told = ", ".join(" ".join(part for part in use if part) for use in loaded.kept)
        click.echo(f"Publiés à l’écran, laissés tels quels : {told}.")


@load.command()
@existing_file
def routing(file: Path) -> None:
    """Les règles de compétence (TOML), en vigueur aussitôt."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        version = load_routing(uow, file)
    click.echo(f"Règles publiées : version {version}.")


def _take(action: Callable[[UnitOfWork], Loaded]) -> None:
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        loaded = action(uow)
    click.echo(f"{loaded.rows} lignes acceptées, dont {loaded.changed} nouvelles ou changées.")
    for refusal in loaded.refused[:_SHOWN_REFUSALS]:
        click.echo(f"  ligne {refusal.line} refusée : {refusal.reason}", err=True)
    if (hidden := len(loaded.refused) - _SHOWN_REFUSALS) > 0:
        click.echo(f"  … et {hidden} autres lignes refusées.", err=True)
