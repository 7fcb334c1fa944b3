"""`python -m bench`: see bench/README.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Collection, Iterator

from bench import plan, table
from bench.baselines import machine
from bench.house import House, open_house, results_folder
from bench.measures import (
    assists,
    board,
    clocks,
    creating,
    lots,
    mails_in,
    memory,
    nearby,
    open311,
    reading,
    residents,
    routing,
    screen_pop,
    search,
    sending,
    sheets,
    statements,
)
from bench.plan import Plan
from bench.serving import site

_SIZES = (10_000, 200_000, 600_000, 5_000_000)
_ALL = (
    "statements",
    "memory",
    "reading",
    "assists",
    "search",
    "open311",
    "residents",
    "sheets",
    "creating",
    "sending",
    "board",
    "mails_in",
    "screen_pop",
    "nearby",
    "lots",
    "clocks",
    "routing",
)
_SERVED = ("assists", "search", "open311", "residents", "sheets", "creating", "sending", "board")
# What takes longest to set up; QUICK leaves it out.
_AT_LENGTH = frozenset({"memory", "sending", "mails_in", "screen_pop", "lots", "clocks"})


def main() -> None:
    asked = _asked()
    chosen = plan.quick(asked.cases) if asked.quick else plan.full(asked.cases)
    began = time.monotonic()
    with open_house(chosen.cases) as house:
        lines = []
        for line in _measures(house, chosen, asked.only):
            print(f"  {line.name}: {line.value:g} {line.unit} {line.verdict}", flush=True)
            lines.append(line)
        told = machine()
        file = table.keep(results_folder(), chosen.cases, lines, told)
    print(f"\n{chosen.cases:,} cases, {time.monotonic() - began:.0f} s, load {told['load_average']}\n")
    table.show(lines)
    print(f"\nKept in {file}")
    sys.exit(1 if any(line.wrong for line in lines) else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures the product as it is served.")
    parser.add_argument("--cases", type=int, default=0, metavar="|".join(map(str, _SIZES)))
    parser.add_argument("--quick", action="store_true", help="10,000 cases, short rounds: under two minutes")
    parser.add_argument("--only", nargs="+", choices=_ALL, help="these measures alone")
    asked = parser.parse_args()
    asked.only = asked.only or [name for name in _ALL if not asked.quick or name not in _AT_LENGTH]
    asked.cases = asked.cases or (_SIZES[0] if asked.quick else _SIZES[1])
    return asked


def _measures(house: House, chosen: Plan, only: Collection[str]) -> Iterator[table.Line]:
    """Those that leave more rows behind come last."""
    for name, measure in (
        ("statements", statements.measure),
        ("memory", memory.measure),
        ("reading", reading.measure),
    ):
        if name in only:
            yield from measure(house, chosen)
    if set(_SERVED).intersection(only):
        yield from _served(house, chosen, only)
    for name, measure in (
        ("mails_in", mails_in.measure),
        ("screen_pop", screen_pop.measure),
        ("routing", routing.measure),
        ("nearby", nearby.measure),  # it makes every case one that may match
        ("lots", lots.measure),  # these make many cases open
        ("clocks", clocks.measure),
    ):
        if name in only:
            yield from measure(house, chosen)


def _served(house: House, chosen: Plan, only: Collection[str]) -> Iterator[table.Line]:
    with site(house):
        for name, measure in (
            ("assists", assists.measure),
            ("search", search.measure),
            ("open311", open311.measure),
            ("residents", residents.measure),
            ("sheets", sheets.measure),
            ("creating", creating.measure),
            ("sending", sending.measure),
            ("board", board.measure),
        ):
            if name in only:
                yield from measure(house, chosen)


if __name__ == "__main__":
    main()
