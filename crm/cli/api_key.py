"""`crm api-key`: the keys of partners' machines."""

from __future__ import annotations

import click
import sqlalchemy as sa

from crm.cli.acting import units_of_work
from crm.cli.speech import Refusal
from crm.foundation import SYSTEM
from crm.staff import Organization, create_api_key


@click.group("api-key")
def api_key() -> None:
    """Les clés d’accès des programmes partenaires."""


@api_key.command()
@click.argument("name", metavar="NOM")
@click.option("--organization", default=None, help="Code de l’organisation dont la clé porte les demandes.")
def create(name: str, organization: str | None) -> None:
    """Fabrique une clé, montrée une seule fois."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        organization_id = None
        if organization is not None:
            query = sa.select(Organization.id).where(Organization.code == organization)
            organization_id = uow.session.scalar(query)
            if organization_id is None:
                raise Refusal(f"Aucune organisation n’a le code « {organization} ».")
        key = create_api_key(uow, name, organization_id)
    click.echo(f"Clé de « {name} » (montrée une seule fois) : {key}")
