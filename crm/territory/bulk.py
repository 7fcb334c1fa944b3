"""Writes many rows at once: COPY into a passing table, then one statement that touches only what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Progress = Callable[[int, int], None]  # rows written so far, rows in all
_STEP = 5_000

_STREETS = """
INSERT INTO streets (insee, code, name, name_folded, ownership, hierarchy, length_m)
SELECT insee, code, name, name_folded, ownership, hierarchy, length_m FROM incoming_streets
ON CONFLICT (insee, code) DO UPDATE SET
  name = excluded.name, name_folded = excluded.name_folded, ownership = excluded.ownership,
  hierarchy = excluded.hierarchy, length_m = excluded.length_m
WHERE (streets.name, streets.ownership, streets.hierarchy, streets.length_m)
  IS DISTINCT FROM (excluded.name, excluded.ownership, excluded.hierarchy, excluded.length_m)
"""
_STREETS_OF_ADDRESSES = """
INSERT INTO streets (insee, code, name, name_folded)
SELECT insee, code, name, name_folded FROM incoming_streets
ON CONFLICT (insee, code) DO NOTHING
"""
_ADDRESSES = """
INSERT INTO addresses (street_id, number, suffix, entrance, insee, postcode, sector_code, lon, lat)
SELECT s.id, i.number, i.suffix, i.entrance, i.insee, i.postcode, i.sector_code, i.lon, i.lat
FROM incoming_addresses i JOIN streets s ON s.insee = i.insee AND s.code = i.street_code
ON CONFLICT (street_id, number, suffix, entrance) DO UPDATE SET
  insee = excluded.insee, postcode = excluded.postcode, sector_code = excluded.sector_code,
  lon = excluded.lon, lat = excluded.lat
WHERE (addresses.insee, addresses.postcode, addresses.sector_code, addresses.lon, addresses.lat)
  IS DISTINCT FROM (excluded.insee, excluded.postcode, excluded.sector_code, excluded.lon, excluded.lat)
"""
# The address nearest to the mean of its street: a point that is on the street, which the mean may not be.
_MIDDLES = """
WITH mean AS (SELECT street_id, avg(lon) AS lon, avg(lat) AS lat FROM addresses GROUP BY street_id),
middle AS (
  SELECT DISTINCT ON (a.street_id) a.street_id, a.lon, a.lat FROM addresses a JOIN mean m USING (street_id)
  ORDER BY a.street_id, (a.lon - m.lon) ^ 2 + (a.lat - m.lat) ^ 2, a.id
)
UPDATE streets s SET lon = m.lon, lat = m.lat FROM middle m
WHERE s.id = m.street_id AND (s.lon, s.lat) IS DISTINCT FROM (m.lon, m.lat)
"""
_STREET_COLUMNS = (
    "insee text, code text, name text, name_folded text, ownership text, hierarchy text, length_m int"
)
_ADDRESS_COLUMNS = """insee text, street_code text, number int, suffix text, entrance smallint, postcode text,
  sector_code text, lon float, lat float"""


def write_streets(session: Session, rows: Sequence[tuple[object, ...]], *, known: bool) -> int:
    """Rows of (insee, code, name, key, ownership, hierarchy, length). Returns how many were new or changed.

    Args:
        known: False when the rows come from addresses only and must not overwrite what a streets file said.
    """
    _copy(session, "incoming_streets", _STREET_COLUMNS, rows)
    return _run(session, _STREETS if known else _STREETS_OF_ADDRESSES)


def write_addresses(session: Session, rows: Sequence[tuple[object, ...]], progress: Progress | None) -> int:
    """Rows in the order of the passing table. Returns how many were new or changed."""
    _copy(session, "incoming_addresses", _ADDRESS_COLUMNS, rows, progress)
    changed = _run(session, _ADDRESSES)
    if changed:
        _run(session, _MIDDLES)
        _run(session, "ANALYZE streets, addresses")  # else the first searches are planned on an empty table
    return changed


def _run(session: Session, statement: str) -> int:
    done: Any = session.execute(sa.text(statement))
    return int(done.rowcount)


def _copy(
    session: Session,
    table: str,
    columns: str,
    rows: Iterable[tuple[object, ...]],
    progress: Progress | None = None,
) -> None:
    session.execute(sa.text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    session.execute(sa.text(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP"))
    lines = list(rows)
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for done, row in enumerate(lines, 1):
            copy.write_row(row)
            if progress and (done % _STEP == 0 or done == len(lines)):
                progress(done, len(lines))
    session.execute(sa.text(f"ANALYZE {table}"))
