"""The real doors of the demonstration's streets, as places of demands."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Place

_DOORS = sa.text(
    """
    SELECT a.id, a.street_id, a.number, a.suffix, a.insee, a.postcode, a.sector_code, a.lon, a.lat,
           s.name AS street, s.ownership, c.name AS commune
    FROM addresses a JOIN streets s ON s.id = a.street_id JOIN communes c ON c.insee = a.insee
    WHERE c.is_member ORDER BY a.id
    """
)


@dataclass(frozen=True, slots=True)
class Door:
    place: Place
    street: str
    commune: str

    @property
    def lines(self) -> tuple[str, str]:
        """As on an envelope."""
        number, _comma, _rest = self.place.label.partition(",")
        return number, f"{self.place.postcode} {self.commune}"


class Doors:
    """Draws doors; those of private ground are drawn less, since people rarely call for them."""

    def __init__(self, session: Session) -> None:
        self.all = [_door(row) for row in session.execute(_DOORS)]
        self._ours = [door for door in self.all if door.place.road_owner != "private"]
        self.by_commune: dict[str, list[Door]] = {}
        for door in self._ours:
            self.by_commune.setdefault(door.place.insee or "", []).append(door)

    def draw(self, chance: Random) -> Door:
        return chance.choice(self.all if chance.random() < 0.2 else self._ours)


def _door(row: sa.Row[tuple[object, ...]]) -> Door:
    suffix = f" {row.suffix}" if row.suffix else ""
    number = f"{row.number}{suffix} " if row.number else ""
    place = Place(
        label=f"{number}{row.street}, {row.commune}",
        precision="exact",
        insee=row.insee,
        sector_code=row.sector_code,
        street_id=row.street_id,
        address_id=row.id,
        road_owner=row.ownership if row.ownership != "unknown" else None,
        postcode=row.postcode,
        lon=row.lon,
        lat=row.lat,
    )
    return Door(place, row.street, row.commune)
