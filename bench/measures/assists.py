"""Help while typing: usagers, categories, addresses, and the danger heard in what is said."""

from __future__ import annotations

import random
from collections.abc import Iterator

import psycopg

from bench.house import House
from bench.load import Call, drive, exchange, get, post
from bench.plan import Plan
from bench.serving import cookie_in, logged_in, token_in, warm
from bench.table import Line, judged

_CLIENTS = 2
_EACH = 60
_ASKED_EVERY = 120  # ms: the longest that a letter waits before the page asks (assets/js/danger.js)
_STRIP = 300  # ms, from the letter to the strip (T05)
_DANGERS = ("ca sent le gaz", "fils electriques qui pendent", "une poubelle est en feu")
_OBJECTS = (
    "lampadaire", "lampadaire en panne", "nid de poule", "trou dans la chaussee", "poubelle pas ramassee",
    "depot sauvage", "bouche degout", "arbre tombe", "feu rouge en panne", "tag sur le mur", "bruit la nuit",
)  # fmt: skip


def measure(house: House, plan: Plan) -> Iterator[Line]:
    cookie = logged_in(house, "advisor")
    _, page = exchange(house.address, get(house.address, "/console/demandes/nouvelle", cookie))
    token, cookie = token_in(page), cookie_in(page) or cookie
    with psycopg.connect(house.database_url) as connection:
        typed = _typed(connection)
    for name, (door, texts) in typed.items():
        calls = [_ask(house, cookie, token, door, text) for text in texts]
        warm(house, calls[:5], times=4)
        result = drive(house.address, calls, clients=_CLIENTS, seconds=plan.seconds)
        yield Line(f"{name}, p50", round(result.p50, 1), "ms")
        yield judged(f"{name}, p95", result.p95, "ms", "≤ 50", lambda ms: ms <= 50, len(result.wrong))
    strips = [_ask(house, cookie, token, "dangers", text, "data-danger=") for text in _DANGERS]
    result = drive(house.address, strips, clients=_CLIENTS, seconds=plan.seconds)
    heard = _ASKED_EVERY + result.p95
    yield judged(
        "danger, from the letter to the answer, p95", heard, "ms", f"≤ {_STRIP}",
        lambda ms: ms <= _STRIP, len(result.wrong),
    )  # fmt: skip


def _ask(house: House, cookie: str, token: str, door: str, text: str, holds: str = '"value"') -> Call:
    form = {"q": text, "csrf_token": token}
    return post(house.address, f"/console/aides/{door}", form, cookie, holds=[holds])


def _typed(connection: psycopg.Connection) -> dict[str, tuple[str, list[str]]]:
    """Each with what is found, so that an empty answer is a wrong one."""
    chance = random.Random(7)
    phones = _column(
        connection, "SELECT value FROM contact_points WHERE kind = 'phone' AND value LIKE '+33%'"
    )
    emails = _column(connection, "SELECT value FROM contact_points WHERE kind = 'email'")
    people = _column(
        connection, "SELECT first_name || ' ' || family_name FROM contacts WHERE kind = 'person'"
    )
    streets = _column(
        connection,
        "SELECT a.number || ' ' || s.name FROM addresses a JOIN streets s ON s.id = a.street_id",
    )
    return {
        "usager, end of number": ("usagers", [phone[-6:] for phone in phones]),
        "usager, whole number": ("usagers", [f"0{phone[3:]}" for phone in phones]),
        "usager, name": ("usagers", people),
        "usager, name cut": ("usagers", [name[: chance.randint(4, max(5, len(name)))] for name in people]),
        "usager, e-mail": ("usagers", [email[: email.index("@") + 3] for email in emails]),
        "category": ("categories", list(_OBJECTS)),
        "address": ("adresses", streets),
        "address, cut": ("adresses", [_cut(street) for street in streets]),
    }


def _cut(address: str) -> str:
    """Down to three letters of the name: with less there are too many streets to propose any."""
    name = max(address.rfind(" "), address.rfind("’")) + 1
    return address[: max(name + 3, len(address) * 3 // 4)]


def _column(connection: psycopg.Connection, query: str) -> list[str]:
    rows = connection.execute(f"{query} ORDER BY md5(random()::text) LIMIT {_EACH}").fetchall()  # type: ignore[arg-type]
    return [str(row[0]) for row in rows]
