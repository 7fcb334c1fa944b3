"""Demands as an advisor types them: real addresses and categories, usagers known and new, each sent once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.house import House
from bench.load import Call, exchange, get, post
from bench.serving import cookie_in, token_in
from crm.app import create_app
from crm.cases import make_reference
from crm.foundation import PARIS
from crm.web.intake.drafts import sign_reference

_FORM = "/console/demandes/nouvelle"
_WORDS = (
    "Le lampadaire devant chez elle clignote depuis trois jours et s’éteint la nuit.",
    "Un gros nid-de-poule au milieu de la chaussée, plusieurs vélos sont déjà tombés.",
    "Le bac de tri de l’immeuble n’a pas été ramassé cette semaine, il déborde sur le trottoir.",
    "Dépôt de meubles et de gravats au coin de la rue, cela attire les rats.",
    "La bouche d’égout fait du bruit à chaque passage de voiture, impossible de dormir.",
)
_GIVEN = {"yesno": "no", "number": "3", "text": "12-045", "date": "2026-09-01"}
_NEW_USAGER_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _World:
    categories: list[tuple[str, dict[str, str]]]
    addresses: list[tuple[Any, ...]]
    contacts: list[int]


def demands(house: House, cookie: str, count: int, page: bytes = b"") -> list[Call]:
    """So many forms ready to be sent, with reserved numbers, as many pages of the entry form would give.

    The session's token comes from the page itself. Opening the page for each would only measure it again.
    """
    page = page or exchange(house.address, get(house.address, _FORM, cookie))[1]
    token, cookie = token_in(page), cookie_in(page) or cookie
    year = datetime.now(UTC).astimezone(PARIS).year
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        numbers = connection.execute(
            "SELECT next_case_number(%s) FROM generate_series(1, %s)", [year, count]
        ).fetchall()
        world = _world(connection)
    chance = random.Random(numbers[0][0])
    app = create_app(house.settings)
    with app.app_context():
        calls = [
            _call(house, cookie, token, world, chance, make_reference(year, number)) for (number,) in numbers
        ]
    app.extensions["crm"].close()
    return calls


def _call(
    house: House, cookie: str, token: str, world: _World, chance: random.Random, reference: str
) -> Call:
    code, answers = chance.choice(world.categories)
    address_id, label, insee, lon, lat = chance.choice(world.addresses)
    form = {
        "csrf_token": token,
        "draft": sign_reference(reference),
        "object": chance.choice(_WORDS),
        "category": code,
        "place": f"a{address_id}",
        "place_text": label,
        "insee": insee,
        "lon": str(lon),
        "lat": str(lat),
        "hint": chance.choice(("", "devant la boulangerie", "côté impair")),
        "channel": "phone",
        "kind": "report",
        **answers,
        **_usager(chance, world, reference),
    }
    page = f"/console/demandes/{reference}/enregistree"
    return post(house.address, _FORM, form, cookie, status=303, holds=[page])


def _usager(chance: random.Random, world: _World, reference: str) -> dict[str, str]:
    if chance.random() > _NEW_USAGER_SHARE:
        return {"contact": str(chance.choice(world.contacts)), "answer_channel": "phone"}
    number = reference.replace("-", "")[4:]
    start = chance.choice("01245678")  # some of 063… and 069… are no French mobile numbers
    phone = {"phone": f"06 {start}{chance.randrange(10_000_000):07d}"}
    names = {
        "first_name": chance.choice(("Amina", "Lucas", "Jeanne", "Rayan", "Odile")),
        "family_name": chance.choice(("Lefèvre", "Benali", "Da Costa", "Moulin", "Petit")),
    }
    if chance.random() < 0.5:
        return {**names, **phone, "answer_channel": "phone"}
    return {**names, **phone, "email": f"usager{number}@exemple.example", "answer_channel": "email"}


def _world(connection: psycopg.Connection) -> _World:
    required: dict[str, dict[str, str]] = {}
    for code, key, kind, choices in connection.execute(
        "SELECT category_code, key, kind, choices FROM category_questions WHERE is_active"
    ):
        value = choices[0]["value"] if kind == "choice" else _GIVEN[kind]
        required.setdefault(code, {})[f"q_{key}"] = value
    codes = connection.execute("SELECT code FROM categories WHERE is_active AND place IN ('exact', 'street')")
    addresses = connection.execute(
        """SELECT a.id, a.number || ' ' || s.name || ', ' || c.name, a.insee, a.lon, a.lat
           FROM addresses a JOIN streets s ON s.id = a.street_id JOIN communes c ON c.insee = a.insee
           ORDER BY md5(a.id::text) LIMIT 2000"""
    ).fetchall()
    contacts = connection.execute("SELECT id FROM contacts ORDER BY md5(id::text) LIMIT 2000").fetchall()
    categories = [(code, required.get(code, {})) for (code,) in codes]
    return _World(categories, addresses, [row[0] for row in contacts])
