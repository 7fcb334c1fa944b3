"""Gives the streets of a commune their names, each once; the same names come back in other communes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from crm.cli.demo.street_plan import Way
from crm.cli.demo.toponyms import BRIDGES, CENTRAL, EVERYWHERE, GREEN, QUAYS, RURAL

_KINDS = {
    "centre": (("Rue", 12), ("Place", 2), ("Boulevard", 1), ("Passage", 1), ("Cours", 1)),
    "estate": (("Rue", 8), ("Allée", 5), ("Impasse", 3), ("Square", 1)),
    "edge": (("Chemin", 5), ("Rue", 4), ("Impasse", 2), ("Sente", 1)),
}
_LONG_M = 620  # from this length on, an avenue
_PRIVATE_SHARE = 0.055  # of the streets of estates and edges
_TRIES = 40


def named(ways: Sequence[Way], rng: random.Random) -> Iterator[tuple[str, bool, Way]]:
    """Each street with its name and whether it is private."""
    taken: set[str] = set()
    promised = _promised(ways, rng)
    for rank, way in enumerate(ways):
        name = promised.get(rank) or _fresh(way, taken, rng)
        if name is None or name in taken:
            continue
        taken.add(name)
        private = rank not in promised and way.part in _KINDS and rng.random() < _PRIVATE_SHARE
        yield name, private, way


def _promised(ways: Sequence[Way], rng: random.Random) -> dict[int, str]:
    """The names that nearly every commune has; the avenue is the longest street of the town."""
    town = [rank for rank, way in enumerate(ways) if way.part in _KINDS]
    longest = max(town, key=lambda rank: float(ways[rank].line.length))
    others = [rank for rank in town if rank != longest and ways[rank].line.length > 180]
    city = ways[0].ground.is_city
    names = [name for name in EVERYWHERE if not name.startswith("Avenue") and (city or rng.random() < 0.75)]
    return dict(zip(others, names, strict=False)) | {longest: "Avenue de la Gare"}


def _fresh(way: Way, taken: set[str], rng: random.Random) -> str | None:
    if way.label:
        return way.label
    for _ in range(_TRIES):
        name = _drawn(way, rng)
        if name not in taken and name not in EVERYWHERE:
            return name
    return None


def _drawn(way: Way, rng: random.Random) -> str:
    if way.part == "bridge":
        return rng.choice(BRIDGES)
    if way.part == "quay":
        return f"Quai {rng.choice(QUAYS)}"
    after = {"centre": CENTRAL, "estate": GREEN, "edge": RURAL}[way.part]
    if rng.random() < 0.25:
        after = CENTRAL + GREEN + RURAL
    kinds, weights = zip(*_KINDS[way.part], strict=True)
    kind = "Avenue" if way.line.length > _LONG_M else rng.choices(kinds, weights)[0]
    return f"{kind} {rng.choice(after)}"
