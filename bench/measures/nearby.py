"""Demands nearby that may be the same: the database's part of the look-up, over all the points there are."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.house import House
from bench.plan import Plan
from bench.table import Line, judged
from crm.cases import MOST, Place, nearby, sought
from crm.catalogue import catalogue
from crm.foundation import SYSTEM, SystemClock, open_engine

_ASKED = 400
_LOOKED_AT = ("exact", "street")


@dataclass(slots=True)
class _Clock:
    """Time spent between sending a statement and having its rows."""

    spent: float = 0.0
    statements: int = 0
    began: float = 0.0

    def before(self, *_told: object) -> None:
        self.began = time.perf_counter()
        self.statements += 1

    def after(self, *_told: object) -> None:
        self.spent += time.perf_counter() - self.began


def measure(house: House, plan: Plan) -> Iterator[Line]:
    engine = open_engine(house.database_url)
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        _everything_may_match(connection)
        points = int(_one(connection, "SELECT count(*) FROM cases WHERE cell IS NOT NULL"))
        places = _places(connection)
    clock = _Clock()
    sa.event.listen(engine, "before_cursor_execute", clock.before)
    sa.event.listen(engine, "after_cursor_execute", clock.after)
    with Session(engine) as session:
        times, statements, shown = _times(session, clock, places)
    engine.dispose()
    yield Line("points that may match", points, "")
    yield judged("nearby, statements", statements, "", "= 1", lambda n: n == 1)
    yield judged("nearby, shown at most", shown, "", f"≤ {MOST}", lambda n: n <= MOST)
    yield Line("nearby, database, p50", round(_share(times, 0.50), 3), "ms")
    yield judged("nearby, database, p95", _share(times, 0.95), "ms", "≤ 1", lambda ms: ms <= 1)


def _everything_may_match(connection: psycopg.Connection) -> None:
    """The hardest: no case ended long ago, each one is a point of the index."""
    fresh = "closed_at = now() WHERE closed_at < now() - interval '1 day' AND state = 'closed'"
    connection.execute(f"UPDATE cases SET {fresh}".encode())
    connection.execute("VACUUM ANALYZE cases")


def _places(connection: psycopg.Connection) -> list[tuple[str, str, Place]]:
    rows = connection.execute(
        """SELECT category_code, object, insee, lon, lat, place_precision FROM cases
           WHERE lon IS NOT NULL AND category_code IS NOT NULL AND place_precision = ANY(%s)
           ORDER BY md5(id::text) LIMIT %s""",
        [list(_LOOKED_AT), _ASKED],
    ).fetchall()
    chance = random.Random(7)
    return [
        (
            str(code),
            str(said),
            Place(
                precision=precision,
                insee=insee,
                lon=lon + chance.uniform(-4e-4, 4e-4),  # a little beside, as another caller would point
                lat=lat + chance.uniform(-3e-4, 3e-4),
            ),
        )
        for code, said, insee, lon, lat, precision in rows
    ]


def _times(
    session: Session, clock: _Clock, places: list[tuple[str, str, Place]]
) -> tuple[list[float], int, int]:
    """Milliseconds of each, most statements of one, most rows shown; a first pass fills the caches."""
    book, now = catalogue(session), SystemClock().now()
    times: list[float] = []
    most = shown = 0
    for again in (False, True):
        for code, said, place in places:
            wanted = sought(book, code, said, place)
            if wanted is None or wanted.same_door:
                continue
            clock.spent, clock.statements = 0.0, 0
            found = nearby(session, book, SYSTEM, wanted, now)
            if again:
                times.append(clock.spent * 1000)
                most, shown = max(most, clock.statements), max(shown, len(found))
    return times, most, shown


def _share(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else 0
