"""The ground of the invented métropole: outline, river, communes that tile it, sectors."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon, mapping

from crm.cli.demo.toponyms import COMMUNES, POSTCODES

Spot = tuple[float, float]  # metres east and north of the middle
LONGITUDE, LATITUDE = 3.9, 43.6  # where the default map looks
_LATITUDE_M = 111_320.0
_LONGITUDE_M = _LATITUDE_M * math.cos(math.radians(LATITUDE))
_RADIUS_M = 13_500
_TOWNS, _VILLAGES = 8, 15  # communes around the city, in two rings
_FINE_M = 260  # no border runs straight for longer
_WEDGES = {"EST": 0, "NORD": 90, "OUEST": 180, "SUD": 270}


@dataclass(frozen=True, slots=True)
class Ground:
    """A commune: its number among the others, its middle and its polygon, in metres."""

    rank: int
    insee: str
    name: str
    postcode: str
    middle: Spot
    polygon: Any

    @property
    def is_city(self) -> bool:
        return self.rank == 0

    @property
    def is_town(self) -> bool:
        return math.hypot(*self.middle) < 8_000


@dataclass(frozen=True, slots=True)
class SectorPlan:
    code: str
    name: str
    insee: str
    polygon: Any


def river() -> Any:
    """Winds from west to east and passes just south of the middle."""
    eastings = range(-17_000, 17_001, 120)
    return LineString(
        [(x, -650 + 850 * math.sin(x / 2_600 + 0.6) + 240 * math.sin(x / 830)) for x in eastings]
    )


def grounds(rng: random.Random) -> list[Ground]:
    """Communes without a gap or an overlap between them: each border is drawn once and used twice."""
    outline = _outline(rng)
    sites = _sites(rng)
    cells = shapely.voronoi_polygons(MultiPoint(sites), extend_to=outline).geoms
    plans = []
    for rank, site in enumerate(sites):
        cell = next(cell for cell in cells if cell.covers(Point(site)))
        polygon = Polygon(_winding(shapely.set_precision(cell.intersection(outline), 1.0)))
        plans.append(Ground(rank, f"{99001 + rank}", COMMUNES[rank], POSTCODES[rank], site, polygon))
    return plans


def sectors(plans: list[Ground]) -> list[SectorPlan]:
    """The central commune in five, the two next ones in two."""
    city = plans[0]
    core = Point(city.middle).buffer(1_150, quad_segs=6)
    parts = [SectorPlan(f"{city.insee}-CENTRE", f"{city.name} Centre", city.insee, city.polygon & core)]
    for name, degrees in _WEDGES.items():
        wedge = _wedge(city.middle, degrees).difference(core)
        parts.append(_sector(city, name, wedge))
    for town in plans[1:3]:
        _, y = town.middle
        for name, low, high in (("NORD", y, y + 50_000), ("SUD", y - 50_000, y)):
            parts.append(_sector(town, name, shapely.box(-50_000, low, 50_000, high)))
    return parts


def degrees(x: float, y: float) -> Spot:
    """Longitude and latitude, to about ten centimetres."""
    return round(LONGITUDE + x / _LONGITUDE_M, 6), round(LATITUDE + y / _LATITUDE_M, 6)


def geojson(polygon: Any) -> dict[str, Any]:
    shape: dict[str, Any] = mapping(shapely.transform(polygon, lambda spots: [degrees(*s) for s in spots]))
    return shape


def _outline(rng: random.Random) -> Any:
    turns = [math.tau * step / 180 for step in range(180)]
    tilt = rng.uniform(0, math.tau)

    def reach(turn: float) -> float:
        waves = 0.07 * math.sin(3 * turn + tilt) + 0.04 * math.sin(7 * turn) + 0.012 * math.sin(23 * turn)
        return _RADIUS_M * (1 + waves)

    return Polygon([(1.12 * reach(t) * math.cos(t), 0.92 * reach(t) * math.sin(t)) for t in turns])


def _sites(rng: random.Random) -> list[Spot]:
    """Middles of the communes in the order of their codes: the city, then the eastern half, then the western.

    In each half towns come before villages and east before west.
    """
    towns, villages = (_ring(rng, *ring) for ring in ((_TOWNS, 5_600, 0.12), (_VILLAGES, 10_800, 0.09)))
    towns.sort(reverse=True)
    villages.sort(reverse=True)
    half, rest = _TOWNS // 2, _VILLAGES // 2
    return [(0.0, 0.0), *towns[:half], *villages[:rest], *towns[half:], *villages[rest:]]


def _ring(rng: random.Random, count: int, distance: float, spread: float) -> list[Spot]:
    sites = []
    for step in range(count):
        turn = math.tau * (step + rng.uniform(-0.22, 0.22)) / count
        far = distance * rng.uniform(1 - spread, 1 + spread)
        sites.append((1.1 * far * math.cos(turn), 0.92 * far * math.sin(turn)))
    return sites


def _winding(polygon: Any) -> list[Spot]:
    """The ring of a polygon with each side made winding, the same way whichever side it is seen from."""
    ring = list(polygon.exterior.coords)
    spots: list[Spot] = []
    for start, end in pairwise(ring):
        low, high = sorted((start, end))
        rng = random.Random(f"{low} {high}")  # noqa: S311 - a drawing, not a secret
        side = _bent(low, high, rng)
        spots += side[:-1] if low == start else side[:0:-1]
    return spots


def _bent(start: Spot, end: Spot, rng: random.Random) -> list[Spot]:
    across, up = end[0] - start[0], end[1] - start[1]
    if math.hypot(across, up) < _FINE_M:
        return [start, end]
    swerve = rng.uniform(-0.11, 0.11)
    middle = ((start[0] + end[0]) / 2 - up * swerve, (start[1] + end[1]) / 2 + across * swerve)
    return _bent(start, middle, rng)[:-1] + _bent(middle, end, rng)


def _wedge(middle: Spot, degrees_east: float) -> Any:
    x, y = middle
    turns = [math.radians(degrees_east + step) for step in (-45, 0, 45)]
    return Polygon([middle, *((x + 70_000 * math.cos(t), y + 70_000 * math.sin(t)) for t in turns)])


def _sector(commune: Ground, name: str, part: Any) -> SectorPlan:
    code = f"{commune.insee}-{name}"
    return SectorPlan(code, f"{commune.name} {name.capitalize()}", commune.insee, commune.polygon & part)
