"""`crm account`: agents' accounts."""

from __future__ import annotations

import secrets

import click

from crm.access import AGENT_ROLES
from crm.cli.acting import units_of_work
from crm.cli.speech import Refusal
from crm.foundation import SYSTEM, Invalid, NotFound, UnitOfWork
from crm.network import deactivate_agent
from crm.staff import (
    INVITATION_DAYS,
    RoleGrant,
    agent_at,
    create_account,
    grant_role,
    invite_agent,
    reset_password,
    set_anonymity,
    take_role,
    unlock_agent,
)
from crm.staff.factors import RESET_MOTIVES
from crm.staff.factors import reset_second_factor as take_away

_HEIRS = {
    "required": "Il laisse des brouillons : dites à quel collègue ils vont, avec --heir COURRIEL.",
    "unknown": "Le collègue désigné par --heir ne peut pas être lui-même.",
    "no_demands": "Le collègue désigné par --heir ne peut pas finir ses brouillons : choisissez-en un autre.",
}
_NOTE = click.option("--note", prompt="Pourquoi", help="Raison, gardée dans l’historique de l’agent.")


@click.group()
def account() -> None:
    """Les comptes des agents."""


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--first-name", prompt="Prénom", help="Prénom.")
@click.option("--last-name", prompt="Nom", help="Nom.")
@click.option("--title", default="", help="Fonction.")
@click.option("--organization", prompt="Code de l’organisation", help="Code de l’organisation.")
@click.option("--role", type=click.Choice(sorted(AGENT_ROLES)), prompt="Rôle", help="Rôle.")
@click.option("--unit", default=None, help="Code du service, pour un chef d’équipe ou un agent de terrain.")
@click.option("--insee", default=None, help="Code INSEE de la commune, pour un agent d’accueil en mairie.")
@click.option("--ask-password", is_flag=True, help="Demander le mot de passe au lieu d’en fabriquer un.")
def create(
    email: str,
    first_name: str,
    last_name: str,
    title: str,
    organization: str,
    role: str,
    unit: str | None,
    insee: str | None,
    ask_password: bool,
) -> None:
    """Ouvre un compte."""
    password = _asked() if ask_password else secrets.token_urlsafe(15)
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        create_account(
            uow,
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            title=title,
            organization_code=organization,
            unit_code=unit,
            grants=[RoleGrant(role, unit_code=unit, insee=insee)],
        )
    click.echo(f"Compte ouvert : {email}")
    if not ask_password:
        click.echo(f"Mot de passe (montré une seule fois) : {password}")


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--heir", metavar="COURRIEL", help="Le collègue à qui va ce qu’il a commencé.")
def disable(email: str, heir: str | None) -> None:
    """Ferme un compte et ses sessions ; ce que l’agent a fait reste à son nom."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        heir_id = _in_use(uow, heir) if heir else None
        try:
            left = deactivate_agent(uow, _in_use(uow, email), heir_id=heir_id)
        except Invalid as refusal:
            if why := _HEIRS.get(refusal.fields.get("heir_id", "")):
                raise Refusal(why) from None
            raise
    click.echo(f"Compte fermé : {email}")
    if not left.is_empty:
        click.echo(
            f"Remis : brouillons {left.drafts}, demandes {left.cases}, interventions {left.orders}, "
            f"rendez-vous {left.appointments}."
        )


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--ask-password", is_flag=True, help="Demander le mot de passe au lieu d’en fabriquer un.")
def password(email: str, ask_password: bool) -> None:
    """Donne un nouveau mot de passe et ferme les sessions ouvertes."""
    new = _asked() if ask_password else secrets.token_urlsafe(15)
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        reset_password(uow, email, new)
    click.echo(f"Mot de passe changé : {email}. Ses sessions sont fermées.")
    if not ask_password:
        click.echo(f"Mot de passe (montré une seule fois) : {new}")


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--role", type=click.Choice(sorted(AGENT_ROLES)), prompt="Rôle", help="Rôle à donner.")
@click.option("--unit", default=None, help="Code du service, pour un chef d’équipe ou un agent de terrain.")
@click.option("--insee", default=None, help="Code INSEE de la commune, pour un agent d’accueil en mairie.")
@click.option("--alone", is_flag=True, help="Retirer tous les autres rôles.")
@_NOTE
def grant(email: str, role: str, unit: str | None, insee: str | None, alone: bool, note: str) -> None:
    """Donne un rôle, en vigueur aussitôt."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        roles = grant_role(uow, email, RoleGrant(role, unit_code=unit, insee=insee), note=note, alone=alone)
    click.echo(f"Rôles de {email} : {', '.join(roles)}")


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--role", type=click.Choice(sorted(AGENT_ROLES)), prompt="Rôle", help="Rôle à retirer.")
@_NOTE
def revoke(email: str, role: str, note: str) -> None:
    """Retire un rôle, partout où il vaut."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        roles = take_role(uow, email, role, note=note)
    click.echo(f"Rôles de {email} : {', '.join(roles) or 'aucun'}")


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.argument("state", type=click.Choice(["on", "off"]), metavar="on|off")
@click.option("--motive", default="", help="Raison, obligatoire pour taire le nom : elle reste au compte.")
def anonymity(email: str, state: str, motive: str) -> None:
    """Tait aux usagers le nom d’un agent, pour sa sécurité (CRPA L111-2), ou le dit à nouveau."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        set_anonymity(uow, email, on=state == "on", motive=motive)
    click.echo(f"{email} : les usagers {'ne lisent plus son nom' if state == 'on' else 'lisent son nom'}.")


@account.command()
@click.argument("email", metavar="COURRIEL")
@click.option("--motive", type=click.Choice(RESET_MOTIVES), prompt="Motif", help="Motif, gardé au journal.")
@click.option("--words", default="", help="Précision, obligatoire pour « other » ; elle reste au compte.")
def reset_second_factor(email: str, motive: str, words: str) -> None:
    """Retire la seconde preuve de qui l’a perdue et ferme ses sessions ; son mot de passe ne change pas."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        take_away(uow, _in_use(uow, email), motive, words)
    click.echo(f"Seconde preuve retirée : {email}. Ses sessions sont fermées.")


@account.command()
@click.argument("email", metavar="COURRIEL")
def invite(email: str) -> None:
    """Envoie un lien pour choisir un mot de passe ; le précédent ne s’ouvre plus."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        invite_agent(uow, _in_use(uow, email))
    click.echo(f"Un lien part vers {email} : une seule fois, pendant {INVITATION_DAYS} jours.")


@account.command()
@click.argument("email", metavar="COURRIEL")
def unlock(email: str) -> None:
    """Débloque un compte après trop d’essais."""
    with units_of_work() as units, units.begin(SYSTEM) as uow:
        unlock_agent(uow, _in_use(uow, email))
    click.echo(f"Compte débloqué : {email}")


def _in_use(uow: UnitOfWork, email: str) -> int:
    """Raises NotFound."""
    agent_id = agent_at(uow.session, email)
    if agent_id is None:
        raise NotFound()
    return agent_id


def _asked() -> str:
    return str(click.prompt("Mot de passe", hide_input=True, confirmation_prompt="Encore une fois"))
