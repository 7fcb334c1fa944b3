"""Streets as lines for a small map, drawn through their doors: we hold no shape of streets."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.territory.models import Address, Street

Point = tuple[float, float]  # longitude, latitude
_MOST_DOORS = 6000


def street_lines(
    session: Session, west: float, south: float, east: float, north: float
) -> list[tuple[str, list[Point]]]:
    """Name and line of each street that has two doors or more within the box. One statement.

    One side of the street alone: from number to number, a line through both would go to and fro.
    """
    query = (
        sa.select(Street.name, Address.street_id, Address.number, Address.lon, Address.lat)
        .join(Street, Street.id == Address.street_id)
        .where(Address.lat.between(south, north), Address.lon.between(west, east))
        .order_by(Address.street_id, Address.number)
        .limit(_MOST_DOORS)
    )
    lines = []
    for _street_id, doors in groupby(session.execute(query), key=lambda row: row.street_id):
        rows = list(doors)
        sides = [[row for row in rows if row.number % 2 == parity] for parity in (0, 1)]
        side = max(sides, key=len)
        if len(side) > 1:
            lines.append((rows[0].name, [(row.lon, row.lat) for row in side]))
    return lines
