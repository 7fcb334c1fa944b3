"""Lists and cases as agents open them, beside a bare page of the same server."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import psycopg

from bench.bare import APPLICATION
from bench.house import House
from bench.load import Call, Result, drive, exchange, get
from bench.plan import Plan
from bench.quarrel import case_with
from bench.serving import logged_in, site, warm
from bench.table import Line, no_more, served
from crm.cli import server

_CLIENTS = 4
_PAGE = 50
_FAR = 2000
_OPEN_LIST = 'class="cards"'


def measure(house: House, plan: Plan) -> Iterator[Line]:
    """Each round has the bare pages and ours; ratios are taken within a round."""
    ours: dict[str, list[Result]] = {}
    bare: dict[str, list[Result]] = {}
    for _ in range(plan.rounds):
        with site(house, bare_server(house), path="/empty"):
            _round(house, plan, _bare_calls(house), bare)
        with site(house):
            _round(house, plan, _our_calls(house), ours)
    yield from (served(f"bare page, {name}", _middle(results)) for name, results in bare.items())
    for name in ("unit's queue", "centre's queue", "town hall's queue"):
        rates = [mine.rate / rows.rate for mine, rows in zip(ours[name], bare["50 rows"], strict=True)]
        wrong = sum(len(result.wrong) for result in ours[name])
        ratio = median(rates)
        yield Line(
            f"{name}, page 1",
            round(_middle(ours[name]).rate, 1),
            "/s",
            ratio=round(ratio, 2),
            beside="bare 50 rows",
            target="≥ 0.50",
            met=ratio >= 0.50 and not wrong,
            wrong=wrong,
        )
        yield Line(f"{name}, page 1, p50", round(_middle(ours[name]).p50, 1), "ms")
    worked = ours["unit's work orders"]
    yield served("unit's work orders, page 1", _middle(worked))
    first, far = _middle(ours["centre's queue"]), _middle(ours["far page"])
    yield no_more(f"centre's queue, page {_FAR}, p50", far.p50, "ms", ("page 1", first.p50), "≤ 1.5", 1.5)
    short, long = _middle(ours["case, 10 entries"]), _middle(ours["case, 200 entries"])
    yield served("case page, 10 entries", short)
    yield no_more("case page, 200 entries, p50", long.p50, "ms", ("10 entries", short.p50), "≤ 2", 2)


def bare_server(house: House) -> list[str]:
    argv = server.web_command(house.settings)
    return [APPLICATION if part == server.APPLICATION else part for part in argv]


def _middle(results: list[Result]) -> Result:
    return sorted(results, key=lambda result: result.rate)[len(results) // 2]


def _round(house: House, plan: Plan, calls: dict[str, Call], kept: dict[str, list[Result]]) -> None:
    for name, call in calls.items():
        warm(house, [call])
        result = drive(house.address, [call], clients=_CLIENTS, seconds=plan.seconds)
        kept.setdefault(name, []).append(result)


def _bare_calls(house: House) -> dict[str, Call]:
    return {
        "empty": get(house.address, "/empty", holds=["empty"]),
        "50 rows": get(house.address, "/rows", holds=[f"{_PAGE} rows"]),
    }


def _our_calls(house: House) -> dict[str, Call]:
    advisor, lead, desk = (logged_in(house, role) for role in ("advisor", "team_lead", "desk_agent"))
    with psycopg.connect(house.database_url) as connection:
        cursor = _far_cursor(connection)
        references = {entries: case_with(connection, entries) for entries in (10, 200)}
    centre = "/console/files/toutes"
    calls = {
        "unit's queue": _list(house, "/console/files/a-traiter", lead),
        "centre's queue": _list(house, centre, advisor),
        "far page": _list(house, f"{centre}?apres={cursor}" if cursor else centre, advisor),
        "town hall's queue": _list(house, centre, desk),
        "unit's work orders": get(
            house.address, "/console/interventions", lead, holds=['name="order"', "</html>"]
        ),
    }
    for entries, reference in references.items():
        address = f"/console/demandes/{reference}"
        calls[f"case, {entries} entries"] = get(house.address, address, advisor, holds=[address, "</html>"])
    return calls


def _list(house: House, path: str, cookie: str) -> Call:
    """The first line is on the page again at each call: a page cannot be right by chance."""
    status, page = exchange(house.address, get(house.address, path, cookie))
    rows = page.count(b'class="ref num"')
    if status != 200 or not rows:
        raise SystemExit(f"{path}: status {status}, {rows} lines")
    return get(house.address, path, cookie, holds=[_OPEN_LIST, "</html>"])


def _far_cursor(connection: psycopg.Connection) -> str:
    """Where page 1,999 ends; with fewer open cases, where the last full page but one does."""
    row = connection.execute("SELECT count(*) FROM cases WHERE closed_at IS NULL").fetchone()
    skipped = min(_PAGE * (_FAR - 1), max(0, (int(row[0]) if row else 0) - 2 * _PAGE))
    last = connection.execute(
        """SELECT (extract(epoch FROM due_at) * 1000000)::bigint || '-' || id FROM cases
           WHERE closed_at IS NULL ORDER BY due_at, id OFFSET %s LIMIT 1""",
        [max(0, skipped - 1)],
    ).fetchone()
    return str(last[0]) if last and skipped else ""
