"""Streets of the invented métropole: blocks, quays, roads between towns, a motorway; doors along them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from crm.cli.demo.ground_plan import Ground, Spot

_BLOCK_M = 105
_BANK_M = 55  # no street this near the river, quays and bridges apart
_BORDER_M = 90
_DOOR_M = 9  # from the middle of the street


@dataclass(frozen=True, slots=True)
class Way:
    """A street before it has a name.

    Args:
        part: centre, estate, edge, quay, bridge, road, departmental or motorway.
        label: its name, when what it is gives it one.
    """

    ground: Ground
    line: Any
    part: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    number: int
    suffix: str
    at: Spot


def blocks(ground: Ground, count: int, river: Any, rng: random.Random) -> Iterator[Way]:
    """Streets of a town, on a bent grid that grows from its middle."""
    inside = ground.polygon.buffer(-_BORDER_M)
    dry = inside.difference(river.buffer(_BANK_M))
    shapely.prepare(dry)
    grid = _Grid(ground.middle, rng)
    size = math.ceil(math.sqrt(count) * 1.5)
    nodes = [(i, j) for i in range(-size, size) for j in range(-size, size)]
    nodes.sort(key=lambda node: math.hypot(*node) * rng.uniform(0.85, 1.15))
    laid = 0
    for rank, node in enumerate(nodes):
        if laid == count:
            return
        spots = grid.walk(node, rng, longest=13 if ground.is_city and rank % 17 == 0 else 5)
        line = LineString(spots) if len(spots) > 1 else None
        if line is not None and dry.covers(line):
            laid += 1
            yield Way(ground, line, _part(laid, count))


def _part(laid: int, count: int) -> str:
    if laid < 0.35 * count:
        return "centre"
    return "estate" if laid < 0.8 * count else "edge"


class _Grid:
    """Blocks turned and bent; each side of a block belongs to one street at most."""

    def __init__(self, middle: Spot, rng: random.Random) -> None:
        self._middle = middle
        self._turn = rng.uniform(0, math.pi / 2)
        self._phase = rng.uniform(0, math.tau)
        self._taken: set[tuple[int, int, bool]] = set()

    def walk(self, node: tuple[int, int], rng: random.Random, *, longest: int) -> list[Spot]:
        i, j = node
        level = rng.random() < 0.5
        spots = [self._spot(i, j)]
        for _ in range(rng.randint(2 if longest < 10 else 9, longest)):
            if (i, j, level) in self._taken:
                break
            self._taken.add((i, j, level))
            i, j = (i + 1, j) if level else (i, j + 1)
            spots.append(self._spot(i, j))
        return spots

    def _spot(self, i: int, j: int) -> Spot:
        along, up = float(i * _BLOCK_M), float(j * _BLOCK_M)
        x, y = (
            along + 60 * math.sin(up / 520 + self._phase) + 14 * math.sin(up / 170),
            up + 60 * math.sin(along / 610 - self._phase) + 14 * math.sin(along / 190),
        )
        cos, sin = math.cos(self._turn), math.sin(self._turn)
        return self._middle[0] + x * cos - y * sin, self._middle[1] + x * sin + y * cos


def quays(ground: Ground, river: Any, within_m: float) -> Iterator[Way]:
    """Both banks near the middle of a town, in stretches, and bridges between them."""
    near = ground.polygon.buffer(-_BORDER_M) & Point(ground.middle).buffer(within_m)
    reach = shapely.simplify(river & near, 4)
    if reach.geom_type != "LineString" or reach.length < 400:
        return
    stretches = max(1, round(reach.length / 650))
    for step in range(stretches):
        low, high = step / stretches, (step + 1) / stretches
        stretch = substring(reach, low, high, normalized=True)
        for side in (-42, 42):
            bank = stretch.offset_curve(side)
            if bank.geom_type == "LineString" and bank.length > 60:
                yield Way(ground, bank, "quay")
        if step:
            yield Way(ground, _across(reach, low), "bridge")


def _across(line: Any, share: float) -> Any:
    here = line.interpolate(share, normalized=True)
    ahead = line.interpolate(min(share + 0.01, 1), normalized=True)
    turn = math.atan2(ahead.y - here.y, ahead.x - here.x) + math.pi / 2
    reach = (42 * math.cos(turn), 42 * math.sin(turn))
    return LineString([(here.x - reach[0], here.y - reach[1]), (here.x + reach[0], here.y + reach[1])])


def roads(grounds: list[Ground], rng: random.Random) -> Iterator[Way]:
    """From each town to its neighbours; two times out of three a departmental road, with one number."""
    number = 10
    for here in grounds:
        for there in grounds[here.rank + 1 :]:
            if (here.polygon & there.polygon).length < 1_500:
                continue
            number += rng.randint(1, 3)
            label = f"Route départementale {number}" if rng.random() < 0.66 else ""
            line = _swaying(here.middle, there.middle, rng)
            for one, other in ((here, there), (there, here)):
                piece = _longest(line & one.polygon.buffer(-30))
                if piece is not None:
                    part = "departmental" if label else "road"
                    yield Way(one, piece, part, label or f"Route {_of(other.name)}")


def motorway(grounds: list[Ground]) -> Iterator[Way]:
    """The A99 goes half round the city; the State keeps it and its slip roads."""
    turns = [math.radians(degree) for degree in range(95, 331, 2)]
    line = LineString([(8_600 * math.cos(t), 7_300 * math.sin(t)) for t in turns])
    for ground in grounds:
        piece = _longest(line & ground.polygon.buffer(-30))
        if piece is None or piece.length < 500:
            continue
        yield Way(ground, piece, "motorway", "Autoroute A99")
        middle = piece.interpolate(0.5, normalized=True)
        number = 1 + sum(1 for other in grounds[: ground.rank] if other.polygon.intersects(line))
        for side, towards in ((70, "entrée"), (-70, "sortie")):
            slip = LineString(
                [(middle.x, middle.y), (middle.x + side, middle.y + 130), (middle.x + side, middle.y + 260)]
            )
            if ground.polygon.covers(slip):
                yield Way(ground, slip, "motorway", f"Bretelle A99 {towards} {number}")


def doors(way: Way, every_m: float, rng: random.Random) -> Iterator[Door]:
    """Odd numbers on one side, even ones on the other; some `bis` and `ter`; roads are numbered in metres."""
    if way.part in {"motorway", "bridge"}:
        middle = way.line.interpolate(0.5, normalized=True)
        yield Door(0, "", (middle.x, middle.y))
        return
    metric = way.part in {"road", "departmental"}
    step = every_m * 6 if metric else every_m
    for side in (1, -1):
        number = 1 if side == 1 else 2
        along = rng.uniform(6, step)
        while along < way.line.length - 4:
            if metric:
                number = round(along / 2) * 2 + (1 if side == 1 else 0)
            yield Door(number, "", _beside(way.line, along, side))
            if not metric and rng.random() < 0.045:
                yield Door(number, "bis", _beside(way.line, along + 5, side))
                if rng.random() < 0.3:
                    yield Door(number, "ter", _beside(way.line, along + 8, side))
            number += 2
            along += step * rng.uniform(0.6, 1.4)


def _beside(line: Any, along: float, side: int) -> Spot:
    here = line.interpolate(along)
    ahead = line.interpolate(along + 1) if along + 1 < line.length else line.interpolate(along - 1)
    turn = math.atan2(ahead.y - here.y, ahead.x - here.x) + side * math.pi / 2
    return here.x + _DOOR_M * math.cos(turn), here.y + _DOOR_M * math.sin(turn)


def _swaying(start: Spot, end: Spot, rng: random.Random) -> Any:
    across, up = end[0] - start[0], end[1] - start[1]
    sway = rng.uniform(-0.06, 0.06)
    shares = [step / 24 for step in range(25)]
    bends = [sway * math.sin(math.pi * share) + 0.02 * math.sin(math.tau * 2 * share) for share in shares]
    return LineString(
        [
            (start[0] + across * share - up * bend, start[1] + up * share + across * bend)
            for share, bend in zip(shares, bends, strict=True)
        ]
    )


def _longest(shape: Any) -> Any | None:
    pieces = [piece for piece in getattr(shape, "geoms", [shape]) if piece.geom_type == "LineString"]
    return max(
        (piece for piece in pieces if piece.length > 150), key=lambda piece: float(piece.length), default=None
    )


def _of(name: str) -> str:
    for article, joined in (("Le ", "du "), ("Les ", "des "), ("La ", "de la ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    return f"d’{name}" if name[0] in "AEIOU" else f"de {name}"
