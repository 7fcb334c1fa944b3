"""`crm replies`: read a text as a usager will, before it is loaded."""

from __future__ import annotations

from pathlib import Path

import click

from crm.catalogue import catalogue
from crm.cli.acting import units_of_work
from crm.cli.files import existing_folder
from crm.foundation import SYSTEM
from crm.knowledge import CHANNELS, MESSAGES, choose, example_values, fill, read_folder


@click.group()
def replies() -> None:
    """Les modèles de messages, lus avant d’être chargés."""


@replies.command()
@existing_folder
@click.argument("message", type=click.Choice(MESSAGES))
@click.option("--channel", type=click.Choice(CHANNELS), default="email", help="Le canal (email).")
@click.option("--category", default="", help="Le code d’une catégorie.")
@click.option("--outcome", default="", help="L’issue, pour une réponse.")
def preview(folder: Path, message: str, channel: str, category: str, outcome: str) -> None:
    """Vérifie le dossier, mentions obligatoires comprises, et montre un message rempli d’exemples."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        known = catalogue(uow.session)
    texts = read_folder(folder, known)
    leaf = known.category(category) if category else None
    if category and leaf is None:
        raise click.ClickException(f"La catégorie {category} n’existe pas.")
    chosen = choose(
        texts,
        message,
        outcome=outcome or None,
        channel=channel,
        category_code=category or None,
        domain_code=leaf.domain_code if leaf else None,
    )
    if chosen is None:
        raise click.ClickException("Aucun texte ne sert à cet usage.")
    filled = fill(chosen, example_values(leaf.decision_regime if leaf else None, channel))
    click.echo(f"{filled.subject}\n\n{filled.body}" if filled.subject else filled.body)
