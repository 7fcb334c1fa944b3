"""`crm replies`: read a text as an usager will, before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from crm.catalogue import catalogue
from crm.cli.acting import units_of_work
from crm.cli.files import existing_folder
from crm.foundation import SYSTEM
from crm.knowledge import CHANNELS, MESSAGES, SILENCE, choose, fill, read_folder

_EXAMPLE: Mapping[str, str] = {
    "reference": "2026-004217-63",
    "object": "Lampadaire éteint",
    "place": "12 rue des Lilas, Rivebois",
    "unit": "Éclairage public nord",
    "unit_address": "4 rue des Ateliers, 99000 Rivebois",
    "unit_phone": "01 99 00 00 12",
    "unit_email": "eclairage@rivebois.example",
    "due_date": "mardi 22 septembre 2026",
    "received_date": "mardi 15 septembre 2026",
    "outcome_text": "Le travail est fait.",
    "report": "La lampe est changée.",
    "link": "https://rivebois.example/suivi/…",
    "receipt_link": "https://rivebois.example/accuse/…",
    "centre_phone": "01 99 00 00 00",
    "centre_hours": "du lundi au samedi de 8 h à 19 h",
    "agent": "Métropole de Rivebois",
    "question": "Quel est le numéro écrit sur le mât ?",
    "today": "mardi 15 septembre 2026",
    "organization": "le Département",
    "advice": "Vous pouvez demander une aide au département.",
    "implicit_decision_date": "dimanche 15 novembre 2026",
    "implicit_acceptance_date": "dimanche 15 novembre 2026",
    "words": "La lampe est éteinte depuis lundi.",
    "usager": "Camille Roux, 06 39 98 12 34",
    "message": "Une équipe passe jeudi.",
}


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
    filled = fill(chosen, _values(leaf.decision_regime if leaf else None))
    click.echo(f"{filled.subject}\n\n{filled.body}" if filled.subject else filled.body)


def _values(regime: str | None) -> dict[str, str]:
    """With a category, the date of silence is its own, or none; without, both lines are shown."""
    if regime is None:
        return dict(_EXAMPLE)
    kept = SILENCE.get(regime)
    return {name: text for name, text in _EXAMPLE.items() if name not in SILENCE.values() or name == kept}
