"""`crm routing`: propose rules from the units that had past demands, and say how far they may be trusted."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import click

from crm.cli.acting import units_of_work
from crm.foundation import SYSTEM
from crm.reporting import past_assignments
from crm.routing import OUTSIDE, Assignment, Proposal, Score, learn, score
from crm.routing.learning import LEAST, SURE
from crm.staff import units

_HELD_EACH = 5  # one demand in five is kept apart to score


@click.group()
def routing() -> None:
    """Les règles de compétence : proposer, mesurer."""


@routing.command("learn")
@click.option("--weeks", default=52, show_default=True, help="Les demandes reçues depuis tant de semaines.")
@click.option("--least", default=LEAST, show_default=True, help="Demandes au moins, pour proposer.")
@click.option(
    "--sure", default=SURE, show_default=True, help="Part au moins que le service doit en avoir eu."
)
@click.option(
    "--csv",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Apprendre de ce fichier.",
)
@click.option("--columns", default="", help="Colonnes du fichier : catégorie,territoire,service.")
@click.option("--score", "scored", is_flag=True, help="Mesurer sur une demande sur cinq, gardée à part.")
def learn_command(weeks: int, least: int, sure: float, file: Path | None, columns: str, scored: bool) -> None:
    """Écrit des règles proposées (TOML), avec ce sur quoi elles reposent ; rien n’est publié."""
    seen = read_assignments(file, columns) if file else _past(weeks)
    if scored:
        held = seen[::_HELD_EACH]
        learnt = [one for place, one in enumerate(seen) if place % _HELD_EACH]
        proposals = learn(learnt, least=least, sure=sure)
        _tell(score(proposals, learnt, held), len(proposals))
        return
    bodies = set() if file else _bodies()
    for proposal in learn(seen, least=least, sure=sure):
        click.echo(_as_rule(proposal, is_outside=proposal.unit in bodies))


def read_assignments(file: Path, columns: str) -> list[Assignment]:
    """One a line of the file.

    Raises:
        click.ClickException: three columns are not named, or the file lacks one.
    """
    names = [name.strip() for name in columns.split(",")]
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in names if name not in (rows.fieldnames or ())]
        if len(names) != 3 or missing:
            raise click.ClickException(
                "Nommez trois colonnes du fichier : --columns catégorie,territoire,service"
            )
        category, territory, unit = names
        return [Assignment(row[category], row[territory] or None, row[unit]) for row in rows if row[unit]]


def _past(weeks: int) -> list[Assignment]:
    with units_of_work() as opened, opened.begin(SYSTEM) as uow:
        codes = {str(card.id): card.code for card in units(uow.session) if card.is_active}
        seen = past_assignments(uow.session, uow.now - timedelta(weeks=weeks), uow.now)
    return [
        Assignment(one.category, one.territory, codes[one.unit], one.times)
        for one in seen
        if one.unit in codes
    ]


def _bodies() -> set[str]:
    """Codes of those that are none of ours: a demand is forwarded to them."""
    with units_of_work() as opened, opened.begin(SYSTEM) as uow:
        return {card.code for card in units(uow.session) if card.operation == OUTSIDE}


def _as_rule(one: Proposal, *, is_outside: bool) -> str:
    lines = ["[[rule]]", f"category = {_quoted(one.category)}"]
    lines += [f"insee = {_quoted(one.territory)}"] if one.territory else []
    lines += ['decision = "refer"'] if is_outside else []
    rests_on = f"Appris de {one.support} demandes ({one.confidence:.0%})"
    return "\n".join([*lines, f"unit = {_quoted(one.unit)}", f"reason = {_quoted(rests_on)}", ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _tell(found: Score, proposals: int) -> None:
    click.echo(f"{proposals} règles proposées, mesurées sur {found.total} demandes gardées à part :")
    click.echo(f"  à quoi elles répondent : {found.share(found.answered):.1%}")
    right = found.right / found.answered if found.answered else 0.0
    click.echo(f"  justes, parmi celles-là : {right:.1%} (de toutes : {found.share(found.right):.1%})")
    click.echo(f"  le service le plus fréquent, pour toutes : {found.share(found.majority_right):.1%}")
    click.echo(f"  le service le plus fréquent de chaque catégorie : {found.share(found.category_right):.1%}")
