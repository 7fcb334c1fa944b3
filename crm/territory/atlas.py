"""Which commune and sector a point is in, from boundaries kept in memory for a minute."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
import sqlalchemy as sa
from shapely import STRtree
from shapely.geometry import shape
from sqlalchemy.orm import Session

from crm.territory.kept import Kept
from crm.territory.models import Commune, CommuneJoining, Sector

METRES_PER_DEGREE = 111_320.0  # of latitude, near enough for a métropole


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """A commune as lists show it. `is_open`: a member whose demands are taken; before, it prepares itself."""

    insee: str
    name: str
    postcode: str
    is_member: bool
    key: str  # as `street_key` writes it
    is_open: bool = True

    @property
    def is_preparing(self) -> bool:
        return self.is_member and not self.is_open


@dataclass(frozen=True, slots=True)
class Atlas:
    """Boundaries on a local plane in metres, where a distance means something."""

    communes: tuple[CommuneLine, ...]
    sectors: tuple[tuple[str, str], ...]  # code, insee
    _plane: Plane
    _communes: STRtree
    _sectors: STRtree

    def commune_at(self, lon: float, lat: float) -> tuple[CommuneLine, float] | None:
        """The commune of a point, or the nearest one, and how many metres outside it the point is."""
        if not self.communes:
            return None
        point = self._plane.point(lon, lat)
        found = self._communes.query(point, predicate="intersects").tolist()
        inside = sorted(found, key=lambda at: (not self.communes[at].is_open, at))
        at = inside[0] if inside else int(self._communes.nearest(point))
        return self.communes[at], float(self._communes.geometries[at].distance(point))

    def communes_near(self, lon: float, lat: float, metres: float) -> tuple[str, ...]:
        """INSEE codes of the communes within this distance of a point, itself included."""
        found = self._communes.query(self._plane.point(lon, lat), predicate="dwithin", distance=metres)
        return tuple(sorted(self.communes[at].insee for at in found.tolist()))

    def sector_at(self, lon: float, lat: float, insee: str) -> str | None:
        """The smallest sector of this commune around a point."""
        return self.sectors_of([(lon, lat, insee)])[0]

    def sectors_of(self, spots: Sequence[tuple[float, float, str]]) -> list[str | None]:
        """The same for many points at once: longitude, latitude, INSEE code."""
        points = shapely.points([self._plane.flat(lon, lat) for lon, lat, _ in spots])
        found: list[str | None] = [None] * len(spots)
        pairs = self._sectors.query(points, predicate="intersects").T.tolist() if self.sectors else []
        areas = [float(boundary.area) for boundary in self._sectors.geometries]
        for at, sector in sorted(
            pairs, key=lambda pair: -areas[pair[1]]
        ):  # the smallest comes last, and stays
            code, insee = self.sectors[sector]
            if insee == spots[at][2]:
                found[at] = code
        return found

    def metres_outside(self, insee: str, points: Sequence[tuple[float, float]]) -> list[float]:
        """How far each point lies outside a commune; 0 inside it."""
        at = next(n for n, commune in enumerate(self.communes) if commune.insee == insee)
        boundary = self._communes.geometries[at]
        shapely.prepare(boundary)
        spots = shapely.points([self._plane.flat(lon, lat) for lon, lat in points])
        distances: list[float] = shapely.distance(boundary, spots).tolist()
        return distances

    def shared(self, insee: str, geometry: dict[str, Any]) -> tuple[CommuneLine, float] | None:
        """The member commune that an outline covers most, itself aside, and which part of the smaller one."""
        outline = self._plane.lay(geometry)
        shares = [
            (self.communes[at], outline.intersection(other).area / min(outline.area, other.area))
            for at in self._communes.query(outline, predicate="intersects").tolist()
            if self.communes[at].is_member and self.communes[at].insee != insee
            for other in [self._communes.geometries[at]]
        ]
        return max(shares, key=lambda share: share[1], default=None)

    def commune(self, insee: str) -> CommuneLine | None:
        return next((line for line in self.communes if line.insee == insee), None)

    def centre(self, insee: str) -> tuple[float, float]:
        """A point of the commune, well inside it: longitude, latitude."""
        at = next(n for n, commune in enumerate(self.communes) if commune.insee == insee)
        spot = self._communes.geometries[at].representative_point()
        return self._plane.back(spot.x, spot.y)


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular around one latitude: under 0.5 % off across 60 km."""

    stretch: float

    @classmethod
    def around(cls, lat: float) -> Plane:
        return cls(stretch=math.cos(math.radians(lat)))

    def flat(self, lon: float, lat: float) -> tuple[float, float]:
        return lon * self.stretch * METRES_PER_DEGREE, lat * METRES_PER_DEGREE

    def back(self, x: float, y: float) -> tuple[float, float]:
        return round(x / self.stretch / METRES_PER_DEGREE, 6), round(y / METRES_PER_DEGREE, 6)

    def point(self, lon: float, lat: float) -> Any:
        return shapely.Point(*self.flat(lon, lat))

    def lay(self, geometry: dict[str, Any]) -> Any:
        """A GeoJSON geometry on this plane."""
        scale = [self.stretch * METRES_PER_DEGREE, METRES_PER_DEGREE]
        return shapely.transform(shape(geometry), lambda spots: spots * scale)


_TODAY = sa.cast(sa.func.timezone("Europe/Paris", sa.func.now()), sa.Date)
_DAY_CAME = sa.func.coalesce(CommuneJoining.live_on <= _TODAY, CommuneJoining.insee.is_(None))
_IS_OPEN = sa.and_(Commune.is_member, _DAY_CAME)


def _read(session: Session) -> Atlas:
    columns = (Commune.insee, Commune.name, Commune.postcode, Commune.is_member, Commune.name_folded)
    lines = sa.select(*columns, _IS_OPEN, Commune.boundary, Commune.south).order_by(Commune.name)
    joined = lines.outerjoin(CommuneJoining, CommuneJoining.insee == Commune.insee)
    rows = session.execute(joined).all()
    parts = session.execute(sa.select(Sector.code, Sector.insee, Sector.boundary).order_by(Sector.code)).all()
    plane = Plane.around(rows[0].south if rows else 46.0)
    return Atlas(
        communes=tuple(CommuneLine(*row[:6]) for row in rows),
        sectors=tuple((part.code, part.insee) for part in parts),
        _plane=plane,
        _communes=STRtree([plane.lay(row.boundary) for row in rows]),
        _sectors=STRtree([plane.lay(part.boundary) for part in parts]),
    )


atlas = Kept(_read, seconds=60)
