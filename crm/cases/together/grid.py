"""Where demands are near each other: a grid of about 200 m, one whole number a cell. Pure."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt

EARTH_METRES = 6_371_000.0
# Of a degree. A cell is 200 m high; across, 289 m at the equator and more than 150 m up to 58° of latitude.
_TALL, _WIDE = 0.0018, 0.0026
_ROUND = 46_000  # rows and columns start again, so that a cell fits an integer: 82° further nothing is near
_CORSICA = str.maketrans("AB", "01")


def cell_of(lon: float | None, lat: float | None, insee: str | None = None) -> int | None:
    """The cell of a point; of what is known by its commune alone, a negative number that is that commune's.

    Migration 0008 says the same in SQL.
    """
    if lon is None or lat is None:
        return _commune_cell(insee)
    return _number(floor((lat + 90.0) / _TALL), floor((lon + 180.0) / _WIDE))


def cells_around(lon: float | None, lat: float | None, insee: str | None = None) -> list[int]:
    """Where anything within 150 m is, and what is only known to be in the commune."""
    commune = _commune_cell(insee)
    known = [commune] if commune is not None else []
    if lon is None or lat is None:
        return known
    row, column = floor((lat + 90.0) / _TALL), floor((lon + 180.0) / _WIDE)
    return [_number(row + up, column + across) for up in (-1, 0, 1) for across in (-1, 0, 1)] + known


def _number(row: int, column: int) -> int:
    return (row % _ROUND) * _ROUND + column % _ROUND


def _commune_cell(insee: str | None) -> int | None:
    digits = (insee or "").translate(_CORSICA)
    return -int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 5 else None


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance."""
    half_lat, half_lon = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))
