"""What residents open: the page of their demand, the link of their message, their own space."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from bench.house import House
from bench.load import drive, get
from bench.plan import Plan
from bench.serving import warm
from bench.table import Line, judged
from crm.foundation import SYSTEM, SystemClock, Units, open_engine, session_factory
from crm.reactions import REACTIONS
from crm.space import ask_link, enter_by_identity, signed_link

_CLIENTS = 2
_MOST_MS = 60.0
_WITH_DEMANDS = """
SELECT p.value, c.public_token FROM contact_points p
JOIN contact_links l ON l.point_id = p.id JOIN cases c ON c.contact_id = l.contact_id
WHERE p.kind = 'email' AND NOT p.is_shared AND c.closed_at IS NULL ORDER BY c.id DESC LIMIT 1
"""
_LINK = "SELECT max(id) FROM space_links"


def measure(house: House, plan: Plan) -> Iterator[Line]:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(_WITH_DEMANDS).fetchone()
        assert row, "nobody with an address has an open demand"
        email, token = row
        key = _enter(house, email)
        (link,) = connection.execute(_LINK).fetchone() or (0,)
    signed = signed_link(house.settings.secret_key.get_secret_value(), link)
    calls = {
        "tracking page": get(house.address, f"/suivi/{token}", holds=['class="crumb"', "</html>"]),
        "link of a message": get(house.address, f"/mon-espace/entrer/{signed}", holds=["<form", "</html>"]),
        "own space": get(house.address, "/mon-espace", f"espace={key}", holds=["/suivi/", "</html>"]),
    }
    for name, call in calls.items():
        warm(house, [call])
        result = drive(house.address, [call], clients=_CLIENTS, seconds=plan.seconds)
        yield judged(f"{name}, p95", result.p95, "ms", "≤ 60", lambda ms: ms <= _MOST_MS, len(result.wrong))


def _enter(house: House, email: str) -> str:
    """The key of a browser that is in; a link waits too."""
    engine = open_engine(house.database_url, forked=True)
    units = Units(session_factory(engine), SystemClock(), REACTIONS)
    with units.begin(SYSTEM) as uow:
        ask_link(uow, email)
        key = enter_by_identity(uow, email)
    engine.dispose()
    return key
