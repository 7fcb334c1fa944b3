"""Where a point or an address is, and so who may be competent there."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import shapely
import sqlalchemy as sa
from shapely.geometry import mapping, shape
from sqlalchemy.orm import Session

from crm.territory.atlas import METRES_PER_DEGREE, CommuneLine, atlas
from crm.territory.kept import Kept
from crm.territory.models import Address, Commune, Street

BORDER_M = 30  # a point this near a border may be on the other side: boundaries and fingers are that precise
STREET_M = 60  # a point this near an address is on its street
_OUTLINES_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Place:
    """A spot of the territory, or of its surroundings.

    Args:
        insee: the commune; the nearest one when the spot is in none; None when no territory is loaded.
        inside: False outside the communes that belong to the métropole and are open.
        preparing: in a member commune that is not open yet: its own desk alone works there.
        distance_m: how far outside the commune the spot is, 0 inside it.
        near: the other communes within 30 m; when there is one, ask.
        ownership: who owns the street: public, private, departmental, state or unknown.
        street_m: metres to the nearest address of `street_id`.
    """

    insee: str | None
    commune: str = ""
    sector_code: str | None = None
    street_id: int | None = None
    street: str = ""
    ownership: str = "unknown"
    inside: bool = False
    preparing: bool = False
    distance_m: int = 0
    near: tuple[str, ...] = ()
    street_m: int | None = None
    address_id: int | None = None
    lon: float | None = None
    lat: float | None = None


def locate(session: Session, lon: float, lat: float) -> Place:
    """The commune, sector and nearest street of a point clicked on a map or sent by a phone."""
    place = _on_ground(session, lon, lat)
    nearest = _nearest_address(session, lon, lat)
    if nearest is None:
        return place
    return replace(
        place,
        street_id=nearest.street_id,
        street=nearest.name,
        ownership=nearest.ownership,
        street_m=round(_metres(lon, lat, nearest.lon, nearest.lat)),
    )


def address_place(session: Session, address_id: int) -> Place | None:
    """The place of an address: its own INSEE code wins over the polygon its point falls in."""
    row = session.execute(_AT_ADDRESS, {"address_id": address_id}).one_or_none()
    if row is None:
        return None
    place = _of_commune(session, row.insee)
    return replace(
        place,
        sector_code=row.sector_code,
        street_id=row.street_id,
        street=row.name,
        ownership=row.ownership,
        street_m=0,
        address_id=address_id,
        lon=row.lon,
        lat=row.lat,
    )


def street_place(session: Session, street_id: int) -> Place | None:
    """The place of a street whose number is not known; its sector is that of its middle."""
    columns = (Street.lon, Street.lat, Street.insee, *_STREET)
    row = session.execute(sa.select(*columns).where(Street.id == street_id)).one_or_none()
    if row is None:
        return None
    place = replace(
        _of_commune(session, row.insee), street_id=row.street_id, street=row.name, ownership=row.ownership
    )
    if row.lon is None:
        return place
    sector = atlas.get(session).sector_at(row.lon, row.lat, row.insee)
    return replace(place, sector_code=sector, lon=row.lon, lat=row.lat)


def commune_place(line: CommuneLine) -> Place:
    """The whole commune, when nothing finer is known."""
    return Place(insee=line.insee, commune=line.name, inside=line.is_open, preparing=line.is_preparing)


def offered(session: Session, desks: Collection[str] = ()) -> list[CommuneLine]:
    """The communes of a form to choose from: the open ones, and those whose desk the agent keeps."""
    return [line for line in atlas.get(session).communes if line.is_open or line.insee in desks]


def communes(session: Session, *, members_only: bool = False) -> list[CommuneLine]:
    """Communes by name, for lists to choose from."""
    return [line for line in atlas.get(session).communes if line.is_member or not members_only]


def commune_for_postcode(session: Session, postcode: str) -> list[CommuneLine]:
    """The communes that use a postcode; several may share one, and one may use several."""
    used = session.scalars(sa.select(Address.insee).where(Address.postcode == postcode).distinct()).all()
    return [line for line in communes(session) if line.postcode == postcode or line.insee in used]


def outlines(session: Session) -> dict[str, Any]:
    """The communes as a light GeoJSON FeatureCollection (60 KB at most) for a map without tiles."""
    return _outlines.get(session)


_STREET = (Street.id.label("street_id"), Street.name, Street.ownership)
_S, _A = (cast(sa.Table, entity.__table__).c for entity in (Street, Address))
_AT_ADDRESS = (  # plain columns: it stands on the path of each new case
    sa.select(_A.lon, _A.lat, _A.insee, _A.sector_code, _S.id.label("street_id"), _S.name, _S.ownership)
    .join_from(Address.__table__, Street.__table__, _S.id == _A.street_id)
    .where(_A.id == sa.bindparam("address_id"))
)


def _on_ground(session: Session, lon: float, lat: float) -> Place:
    ground = atlas.get(session)
    found = ground.commune_at(lon, lat)
    if found is None:
        return Place(insee=None, lon=lon, lat=lat)
    commune, metres = found
    near = ground.communes_near(lon, lat, BORDER_M)
    return Place(
        insee=commune.insee,
        commune=commune.name,
        sector_code=ground.sector_at(lon, lat, commune.insee),
        inside=commune.is_open and metres <= BORDER_M,
        preparing=commune.is_preparing and metres <= BORDER_M,
        distance_m=math.ceil(metres),
        near=tuple(insee for insee in near if insee != commune.insee),
        lon=lon,
        lat=lat,
    )


def _of_commune(session: Session, insee: str) -> Place:
    line = atlas.get(session).commune(insee)
    if line is None:  # loaded since the atlas was kept
        return Place(insee=insee, inside=True)
    return commune_place(line)


def _nearest_address(session: Session, lon: float, lat: float) -> Any:
    """The nearest address within STREET_M, by a small box of the (lat, lon) index."""
    tall = STREET_M / METRES_PER_DEGREE
    squeeze = math.cos(math.radians(lat))
    wide = tall / max(squeeze, 0.01)
    away = sa.func.power((Address.lon - lon) * squeeze, 2) + sa.func.power(Address.lat - lat, 2)
    return session.execute(
        sa.select(*_STREET, Address.lon, Address.lat)
        .join(Street, Street.id == Address.street_id)
        .where(Address.lat.between(lat - tall, lat + tall), Address.lon.between(lon - wide, lon + wide))
        .where(away <= tall * tall)
        .order_by(away, Address.id)
        .limit(1)
    ).one_or_none()


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (lon - other_lon) * math.cos(math.radians(lat))
    return math.hypot(east, lat - other_lat) * METRES_PER_DEGREE


def _draw(session: Session) -> dict[str, Any]:
    columns = (Commune.insee, Commune.name, Commune.is_member, Commune.boundary)
    rows = session.execute(sa.select(*columns).order_by(Commune.insee)).all()
    for shapes in _simpler([shape(row.boundary) for row in rows]):
        features = [
            {
                "type": "Feature",
                "properties": {"insee": row.insee, "name": row.name, "is_member": row.is_member},
                "geometry": mapping(outline),
            }
            for row, outline in zip(rows, shapes, strict=True)
        ]
        drawn = {"type": "FeatureCollection", "features": features}
        if len(json.dumps(drawn, ensure_ascii=False)) <= _OUTLINES_BYTES:
            break
    return drawn


def _simpler(shapes: list[Any]) -> Iterator[list[Any]]:
    """The same shapes, ever rougher, neighbours keeping one common border; at last, boxes."""
    for tolerance in (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01):
        rough = shapely.coverage_simplify(shapes, tolerance) if tolerance and shapes else shapes
        yield [shapely.transform(outline, lambda spots: spots.round(5)) for outline in rough]
    yield [outline.envelope for outline in shapes]


_outlines = Kept(_draw, seconds=60)
