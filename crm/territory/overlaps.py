"""Does the outline of a commune cover one that is there already?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from crm.territory.atlas import atlas
from crm.territory.boundaries import read_zones

_SMALL = 0.05  # of the smaller of the two: borders drawn by two hands never fit exactly


@dataclass(frozen=True, slots=True)
class Overlap:
    """`name` covers `percent` of `other`, or of itself if it is the smaller of the two."""

    name: str
    other: str
    percent: int


def worst_overlap(session: Session, path: Path) -> Overlap | None:
    """Between a commune of this file and another that is in the territory; None when borders only touch.

    Raises Invalid: the file is not a GeoJSON FeatureCollection.
    """
    ground, found = atlas.get(session), []
    for zone in read_zones(path)[0]:
        shared = ground.shared(zone.insee, zone.geometry) if zone.is_member and not zone.code else None
        if shared and shared[1] > _SMALL:
            found.append(Overlap(zone.name, shared[0].name, round(shared[1] * 100)))
    return max(found, key=lambda one: one.percent, default=None)
