"""The supervisor's board, and what a past twice as long costs it. It leaves more closed cases behind."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from bench.house import House
from bench.load import Call, drive, get
from bench.plan import Plan
from bench.serving import logged_in, warm
from bench.table import Line, judged, no_more

_CLIENTS = 2
_MOST_ADDED = 200_000


def measure(house: House, plan: Plan) -> Iterator[Line]:
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        calls = {"supervisor": _board(house, "supervisor"), "team lead": _board(house, "team_lead")}
        first = {name: _p50(house, plan, call) for name, call in calls.items()}
        for name, (p50, wrong) in first.items():
            yield judged(f"board, {name}, p50", p50, "ms", "≤ 100", lambda ms: ms <= 100, wrong)
        added = _lengthen_the_past(connection)
        yield Line("board, closed cases added", added, "")
        for name, call in calls.items():
            p50, wrong = _p50(house, plan, call)
            beside = ("before", first[name][0])
            line = no_more(f"board, {name}, longer past, p50", p50, "ms", beside, "≤ 1.2", 1.2)
            yield line if not wrong else Line(line.name, line.value, "ms", wrong=wrong)


def _board(house: House, role: str) -> Call:
    cookie = logged_in(house, role)
    return get(house.address, "/console/tableau", cookie, holds=['id="figure-retard"', "</html>"])


def _p50(house: House, plan: Plan, call: Call) -> tuple[float, int]:
    warm(house, [call])
    result = drive(house.address, [call], clients=_CLIENTS, seconds=plan.seconds)
    return result.p50, len(result.wrong)


def _lengthen_the_past(connection: psycopg.Connection) -> int:
    """As many closed cases again, older than what the board shows: same columns, other names."""
    columns = [
        row[0]
        for row in connection.execute(
            """SELECT column_name FROM information_schema.columns WHERE table_name = 'cases'
               AND is_identity = 'NO' AND is_generated = 'NEVER'"""
        )
    ]
    unique = {"reference": "'bench-' || id", "key": "'bench-' || id", "public_token": "'bench-' || id"}
    older = {"created_at", "received_at", "updated_at"}
    shown = [
        unique.get(name) or (f"{name} - interval '90 days'" if name in older else name) for name in columns
    ]
    added = connection.execute(
        f"""INSERT INTO cases ({", ".join(columns)}) SELECT {", ".join(shown)} FROM cases
            WHERE closed_at IS NOT NULL ORDER BY id LIMIT {_MOST_ADDED}"""  # type: ignore[arg-type]
    ).rowcount
    connection.execute("VACUUM ANALYZE cases")
    return added
