"""Writes the geography of the demonstration métropole, in the very formats `crm load` takes.

All of it is invented, and the same on every machine: no outside data, one seed.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm.cli.demo.ground_plan import Ground, SectorPlan, degrees, geojson, grounds, river, sectors
from crm.cli.demo.street_names import named
from crm.cli.demo.street_plan import Door, Way, blocks, doors, motorway, quays, roads

_SEED = 99_001
_CITY_STREETS, _TOWN_STREETS, _VILLAGE_STREETS = 540, (110, 150), (34, 62)
_OWNERS = {"departmental": "Publique départementale", "motorway": "Publique nationale", "private": "Privée"}


@dataclass(frozen=True, slots=True)
class Geography:
    """Where the files are; load them in this order."""

    communes: Path
    sectors: Path
    streets: Path
    addresses: Path


@dataclass(frozen=True, slots=True)
class _Street:
    code: str
    name: str
    owner: str
    way: Way
    doors: tuple[Door, ...]


def write_geography(folder: Path) -> Geography:
    """24 communes, 9 sectors, about 2,500 streets and 30,000 addresses, in a folder that exists."""
    rng = random.Random(_SEED)  # noqa: S311 - a drawing, not a secret
    plans = grounds(rng)
    streets = list(_streets(plans, rng))
    files = Geography(
        communes=folder / "communes.geojson",
        sectors=folder / "sectors.geojson",
        streets=folder / "streets.csv",
        addresses=folder / "addresses.csv",
    )
    _write_communes(files.communes, plans)
    _write_sectors(files.sectors, sectors(plans))
    _write_streets(files.streets, streets)
    _write_addresses(files.addresses, streets)
    return files


def _streets(plans: list[Ground], rng: random.Random) -> Iterator[_Street]:
    ways: dict[int, list[Way]] = {plan.rank: [] for plan in plans}
    for way in (*_town_ways(plans, rng), *roads(plans, rng), *motorway(plans)):
        ways[way.ground.rank].append(way)
    for plan in plans:
        every_m = 37.0 if plan.is_city else 52.0
        for number, (name, private, way) in enumerate(named(ways[plan.rank], rng), 1):
            kept = tuple(door for door in doors(way, every_m, rng))
            owner = _OWNERS.get("private" if private else way.part, "Publique")
            yield _Street(f"{number:04d}", name, owner, way, kept)


def _town_ways(plans: list[Ground], rng: random.Random) -> Iterator[Way]:
    water = river()
    for plan in plans:
        around = rng.randint(*(_TOWN_STREETS if plan.is_town else _VILLAGE_STREETS))
        count = _CITY_STREETS if plan.is_city else around
        yield from blocks(plan, count, water, rng)
        yield from quays(plan, water, within_m=2_200 if plan.is_city else 700)


def _write_communes(path: Path, plans: Iterable[Ground]) -> None:
    _write_geojson(
        path,
        [
            ({"insee": plan.insee, "nom": plan.name, "code_postal": plan.postcode}, geojson(plan.polygon))
            for plan in plans
        ],
    )


def _write_sectors(path: Path, parts: Iterable[SectorPlan]) -> None:
    _write_geojson(
        path,
        [
            ({"code": part.code, "nom": part.name, "insee": part.insee}, geojson(part.polygon))
            for part in parts
        ],
    )


def _write_geojson(path: Path, shapes: Iterable[tuple[dict[str, str], dict[str, object]]]) -> None:
    features = [{"type": "Feature", "properties": told, "geometry": shape} for told, shape in shapes]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _write_streets(path: Path, streets: Sequence[_Street]) -> None:
    header = ("code_voie", "voie", "insee", "domanialite", "hierarchie", "longueur_m")
    rows = (
        (s.code, s.name, s.way.ground.insee, s.owner, s.way.part, round(s.way.line.length)) for s in streets
    )
    _write_csv(path, header, rows)


def _write_addresses(path: Path, streets: Sequence[_Street]) -> None:
    header = ("numero", "suffixe", "voie", "code_voie", "insee", "code_postal", "lon", "lat")
    rows = (
        (
            door.number,
            door.suffix,
            s.name,
            s.code,
            s.way.ground.insee,
            s.way.ground.postcode,
            *degrees(*door.at),
        )
        for s in streets
        for door in s.doors
    )
    _write_csv(path, header, rows)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
