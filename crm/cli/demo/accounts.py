"""Accounts of the demonstration: one or more for each role, with passwords made on the spot."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crm.foundation import UnitOfWork
from crm.staff import ActsAs, KeyScope, Organization, RoleGrant, Unit, create_account, create_api_key


@dataclass(frozen=True, slots=True)
class _Person:
    role: str
    first_name: str
    last_name: str
    title: str
    organization: str = "metropole"
    unit: str | None = None
    insee: str | None = None


_PEOPLE = (
    _Person("advisor", "Karim", "Belkacem", "Chargé de relation usagers"),
    _Person("advisor", "Inès", "Moreau", "Chargée de relation usagers"),
    _Person("desk_agent", "Nadège", "Tessier", "Agente d’accueil", "commune-99001", insee="99001"),
    _Person("desk_agent", "Loïc", "Garnier", "Agent d’accueil", "commune-99002", insee="99002"),
    _Person("team_lead", "Samira", "Haddad", "Responsable éclairage, secteur Est", unit="eclairage-est"),
    _Person("team_lead", "Paul", "Vasseur", "Responsable voirie, secteur Est", unit="voirie-est"),
    _Person("team_lead", "Chloé", "Renard", "Responsable propreté", unit="proprete"),
    _Person("field_agent", "Diego", "Marchal", "Électricien", unit="eclairage-est"),
    _Person("supervisor", "Hélène", "Ferrand", "Superviseure du centre"),
    _Person("config_admin", "Yann", "Le Goff", "Administrateur fonctionnel"),
)


def create_accounts(uow: UnitOfWork, told_in: Path) -> None:
    """Make the accounts and write them, readable by their owner alone, to the file `told_in`."""
    metropole = uow.session.scalar(sa.select(Organization.id).where(Organization.code == "metropole"))
    names = {row.code: row.name for row in uow.session.scalars(sa.select(Organization))}
    accounts = [_account(uow, person, names) for person in _PEOPLE]
    told = {
        "accounts": accounts,
        "open311_key": create_api_key(uow, "Application mobile", metropole, scopes=tuple(KeyScope)),
        "api_token": create_api_key(
            uow, "Tableau de bord", metropole, scopes=tuple(KeyScope), acts_as=ActsAs(role="supervisor")
        ),
        "unit_token": create_api_key(
            uow, "Logiciel de l’éclairage", metropole, scopes=tuple(KeyScope), acts_as=_lighting(uow)
        ),
    }
    _write_secret(told_in, json.dumps(told, ensure_ascii=False, indent=2))


def _account(uow: UnitOfWork, person: _Person, names: dict[str, str]) -> dict[str, str | None]:
    password = "-".join(secrets.choice(_SYLLABLES) + secrets.choice(_SYLLABLES) for _ in range(4))
    email = f"{_ascii(person.first_name)}.{_ascii(person.last_name)}@rivebois.example"
    grant = RoleGrant(person.role, unit_code=person.unit, insee=person.insee)
    create_account(
        uow,
        email=email,
        password=password,
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        organization_code=person.organization,
        grants=[grant],
        unit_code=person.unit,
    )
    return {
        "role": person.role,
        "email": email,
        "password": password,
        "organization": names[person.organization],
        "unit": person.unit,
    }


def _lighting(uow: UnitOfWork) -> ActsAs:
    unit_id = uow.session.scalars(sa.select(Unit.id).where(Unit.code == "eclairage-est")).one()
    return ActsAs(role="team_lead", unit_id=unit_id)


def _ascii(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèêëïîôùûç", "eeeeiiouuc"))
    return plain.replace(" ", "")


def _write_secret(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


_CONSONANTS, _VOWELS = "bdfgjklmnprstvz", "aeiou"
_SYLLABLES: Sequence[str] = [c + v + d for c in _CONSONANTS for v in _VOWELS for d in ("", *"lnrs")]
