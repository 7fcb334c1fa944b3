"""Reads GeoJSON boundaries of communes and sectors. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from crm.foundation import Invalid, clean
from crm.territory.reading import Refusal, Refused, decode

_COMMUNE = ("insee", "nom")
_SECTOR_CODES = ("code", "squartmno", "quartmno")
_SECTOR_NAMES = ("nom", "name", "libsquart", "libquart")


@dataclass(frozen=True, slots=True)
class Zone:
    """A commune, when it has no code of its own, or a sector. `line` is the feature's rank in the file."""

    line: int
    insee: str  # empty for a sector whose file does not say it
    code: str  # empty for a commune
    name: str
    postcode: str
    is_member: bool
    geometry: dict[str, Any]
    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        spot = shape(self.geometry).representative_point()
        return spot.x, spot.y


def read_zones(path: Path) -> tuple[list[Zone], list[Refusal]]:
    """Raises Invalid when the file is not a GeoJSON FeatureCollection."""
    zones: list[Zone] = []
    refused: list[Refusal] = []
    for line, feature in enumerate(_features(path), 1):
        try:
            zones.append(_zone(line, feature))
        except Refused as why:
            refused.append(Refusal(line, str(why)))
    return zones, refused


def _features(path: Path) -> Iterable[Any]:
    try:
        collection = json.loads(decode(path.read_bytes()))
        features = collection["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if not isinstance(features, list):
        raise Invalid({"file": "not_geojson"}, file=path.name)
    return features


def _zone(line: int, feature: Any) -> Zone:
    told = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(told, dict):
        raise Refused("aucune propriété")
    code = _first(told, _SECTOR_CODES)
    name = _first(told, _SECTOR_NAMES if code else _COMMUNE[1:])
    insee = _first(told, _COMMUNE[:1])
    if not name or not (code or insee):
        raise Refused("il faut insee et nom pour une commune, code et nom pour un secteur")
    geometry = _geometry(feature.get("geometry"))
    west, south, east, north = geometry.bounds
    return Zone(
        line=line,
        insee=insee,
        code=code,
        name=name,
        postcode=_first(told, ("postcode", "code_postal")),
        is_member=told.get("is_member", True) is not False,
        geometry=json.loads(json.dumps(mapping(geometry))),
        west=west,
        south=south,
        east=east,
        north=north,
    )


def _first(told: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of these properties that says something."""
    return next((clean(str(told[name])) for name in names if told.get(name)), "")


def _geometry(given: Any) -> Any:
    try:
        geometry = shape(given)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.GEOSException) as why:
        raise Refused("géométrie illisible") from why
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        raise Refused("polygone attendu")
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused("coordonnées hors du monde : il faut des longitudes et latitudes (WGS 84)")
    return geometry if geometry.is_valid else _mended(geometry)


def _mended(geometry: Any) -> Any:
    mended = shapely.make_valid(geometry, method="structure")
    if mended.geom_type not in {"Polygon", "MultiPolygon"} or mended.is_empty:
        raise Refused("polygone croisé impossible à réparer")
    return mended
