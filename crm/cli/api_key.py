"""`crm api-key`: the keys of partners' machines."""

from __future__ import annotations

import click
import sqlalchemy as sa

from crm.access import AGENT_ROLES
from crm.cli.acting import units_of_work
from crm.cli.speech import Refusal
from crm.foundation import SYSTEM, Invalid, UnitOfWork
from crm.staff import PER_DAY, PER_MINUTE, ActsAs, KeyScope, Organization, Unit, create_api_key


@click.group("api-key")
def api_key() -> None:
    """Les clés d’accès des programmes partenaires."""


@api_key.command()
@click.argument("name", metavar="NOM")
@click.option("--organization", default=None, help="Code de l’organisation dont la clé porte les demandes.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in KeyScope]),
    default=("read", "create"),
    show_default=True,
    help="Ce que la clé permet : lire, créer, dire ce que devient une demande. À répéter.",
)
@click.option(
    "--per-minute", type=click.IntRange(1), default=PER_MINUTE, help="Requêtes par minute, au plus."
)
@click.option("--per-day", type=click.IntRange(1), default=PER_DAY, help="Requêtes par jour.")
@click.option("--role", type=click.Choice(AGENT_ROLES), default=None, help="Agit à l’API REST comme ce rôle.")
@click.option("--unit", default=None, help="Code du service où ce rôle agit.")
@click.option("--insee", default=None, help="Code INSEE de la commune dont il tient le guichet.")
def create(
    name: str,
    organization: str | None,
    scopes: tuple[str, ...],
    per_minute: int,
    per_day: int,
    role: str | None,
    unit: str | None,
    insee: str | None,
) -> None:
    """Fabrique une clé, montrée une seule fois."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        organization_id = None
        if organization is not None:
            query = sa.select(Organization.id).where(Organization.code == organization)
            organization_id = uow.session.scalar(query)
            if organization_id is None:
                raise Refusal(f"Aucune organisation n’a le code « {organization} ».")
        try:
            key = create_api_key(
                uow,
                name,
                organization_id,
                scopes=scopes,
                per_minute=per_minute,
                per_day=per_day,
                acts_as=ActsAs(role=role, unit_id=_unit(uow, unit), insee=insee) if role else None,
            )
        except Invalid as refusal:
            raise Refusal(f"À préciser : {', '.join(refusal.fields)}.") from None
    click.echo(f"Clé de « {name} » (montrée une seule fois) : {key}")


def _unit(uow: UnitOfWork, code: str | None) -> int | None:
    if code is None:
        return None
    found = uow.session.scalar(sa.select(Unit.id).where(Unit.code == code))
    if found is None:
        raise Refusal(f"Aucun service n’a le code « {code} ».")
    return found
