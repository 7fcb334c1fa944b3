"""`python -m bench.servers`: our own pages on several web servers: to choose one.

granian and gevent are not among our dependencies: install them beside before running this.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from statistics import median

from bench import plan
from bench.house import House, open_house
from bench.load import Call, drive, exchange, get
from bench.measures.creating import create
from bench.plan import Plan
from bench.quarrel import opened_case
from bench.serving import logged_in, memory_mb, site, warm
from crm.cli.server import APPLICATION, web_command

_PAGES = ("queue", "case", "form")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    chosen = Plan(cases=asked.cases, seconds=asked.seconds, rounds=asked.rounds, mails=0)
    with open_house(chosen.cases) as house:
        found: dict[str, list[dict[str, float]]] = {}
        for _ in range(chosen.rounds):
            for name, argv in _servers(house).items():
                found.setdefault(name, []).append(_try(house, argv, chosen))
                print(name, {key: round(value, 1) for key, value in found[name][-1].items()}, flush=True)
    columns = list(next(iter(found.values()))[0])
    print("| server |", " | ".join(columns), "|")
    for name, rounds in found.items():
        print(
            f"| {name} |", " | ".join(f"{median(r[column] for r in rounds):.0f}" for column in columns), "|"
        )


def _servers(house: House) -> dict[str, list[str]]:
    """Two processes each."""
    ours = web_command(house.settings)
    servers = {"gunicorn, as set": ours}
    for threads in (2, 4, 8):
        servers[f"gunicorn gthread, {threads} threads"] = _gunicorn(
            house, "gthread", "--threads", str(threads)
        )
    if find_spec("gevent"):
        servers["gunicorn gevent"] = _gunicorn(house, "gevent", "--config", "python:bench.gevent_patched")
    if find_spec("granian"):
        for threads in (2, 4):
            servers[f"granian, {threads} threads"] = _granian(house, threads)
    return servers


def _gunicorn(house: House, kind: str, *more: str) -> list[str]:
    host, port = house.address
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--worker-class", kind,
        "--workers", "2", "--preload", "--keep-alive", "5", "--no-control-socket", *more, APPLICATION,
    ]  # fmt: skip


def _granian(house: House, threads: int) -> list[str]:
    host, port = house.address
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "2", "--blocking-threads", str(threads), "--factory", "--no-ws",
        "--log-level", "warning", APPLICATION.rstrip("()"),
    ]  # fmt: skip


def _try(house: House, argv: list[str], chosen: Plan) -> dict[str, float]:
    with site(house, argv) as master:
        for _ in range(12):
            exchange(house.address, get(house.address, "/healthz"))
        found = {"MB at start": memory_mb(master)}
        cookie = logged_in(house, "advisor")
        create(house, plan.Plan(cases=0, seconds=1, rounds=1, mails=0), cookie, 4)
        for clients in (4, 16):
            made = create(house, chosen, cookie, clients)
            found |= {f"create/s, {clients}": made.rate, f"p95 ms, {clients}": made.p95}
            found["wrong"] = found.get("wrong", 0) + len(made.wrong)
        for name, call in _calls(house, cookie).items():
            warm(house, [call])
            seen = drive(house.address, [call], clients=4, seconds=chosen.seconds)
            found[f"{name}/s"] = seen.rate
            found["wrong"] += len(seen.wrong)
        return {**found, "MB after": memory_mb(master)}


def _calls(house: House, cookie: str) -> dict[str, Call]:
    reference = opened_case(house.database_url)
    paths = ("/console/files/toutes", f"/console/demandes/{reference}", "/console/demandes/nouvelle")
    return {
        name: get(house.address, path, cookie, holds=["</html>"])
        for name, path in zip(_PAGES, paths, strict=True)
    }


if __name__ == "__main__":
    main()
