"""The sheet of a usager who turns to us often."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from bench.house import House
from bench.load import drive, get
from bench.plan import Plan
from bench.serving import logged_in, warm
from bench.table import Line, judged

_CLIENTS = 2
_MOST_MS = 300.0
_OFTEN = """
SELECT contact_id, count(*) FROM cases WHERE contact_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
"""


def measure(house: House, plan: Plan) -> Iterator[Line]:
    with psycopg.connect(house.database_url) as connection:
        contact, demands = connection.execute(_OFTEN).fetchone() or (0, 0)
    cookie = logged_in(house, "advisor")
    call = get(house.address, f"/console/usagers/{contact}", cookie, holds=["<h1", "</html>"])
    warm(house, [call])
    result = drive(house.address, [call], clients=_CLIENTS, seconds=plan.seconds)
    name = f"contact sheet, {demands} demands, p95"
    yield judged(name, result.p95, "ms", "≤ 300", lambda ms: ms <= _MOST_MS, len(result.wrong))
