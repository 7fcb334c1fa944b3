"""Any number of cases on the demonstration's ground: the generators of its history, in several processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.orders import add_orders
from crm.cases import CaseState, fill_texts
from crm.cli.demo.history.calendar import Office
from crm.cli.demo.history.cast import Cast
from crm.cli.demo.history.demands import Demands, Judge
from crm.cli.demo.history.life import Life
from crm.cli.demo.history.loading import begun, nothing_thrown_away, rulebook
from crm.cli.demo.history.people import Town
from crm.cli.demo.history.places import Doors
from crm.cli.demo.history.stories import Teller
from crm.cli.demo.history.words import some
from crm.cli.demo.history.writing import name_lives, reserve_block, write_lives, write_people
from crm.foundation import PARIS, open_engine

SEED = 2026
_CHUNK = 4_000  # cases of one transaction
_OPEN = 0.034  # of what is made; with what was not finished in time, one case in twenty-five is open
_OPEN_DAYS = 40  # and came in the last days
_TABLES = ("cases", "interactions", "events", "contacts", "contact_points", "contact_links", "case_texts")


def populate(database_url: str, cases: int, seed: int = SEED) -> None:
    """Bring the database up to so many cases, with half as many contacts. Its ground and rules are there.

    Secondary indexes are dropped meanwhile and made again: keeping them up row by row takes twice as long.
    That of a case’s exchanges stays: its words are gathered from them.
    """
    engine = open_engine(database_url, forked=True)
    with engine.connect() as connection:
        missing = cases - int(connection.scalar(sa.text("SELECT count(*) FROM cases")) or 0)
        known = int(connection.scalar(sa.text("SELECT count(*) FROM contacts")) or 0)
    if missing <= 0:
        return
    now = datetime.now(UTC)
    parts = [
        (database_url, min(_CHUNK, missing - start), seed + start, known + start // 2, now)
        for start in range(0, missing, _CHUNK)
    ]
    with _without_indexes(engine), ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        for _done in pool.map(_part, parts):
            pass
    print(f"{add_orders(engine):,} work orders", flush=True)


@contextmanager
def _without_indexes(engine: sa.Engine) -> Iterator[None]:
    query = sa.text(
        """
        SELECT pg_get_indexdef(i.indexrelid) AS made, c.relname AS name
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relname = ANY(:tables) AND NOT i.indisunique AND c.relname <> 'ix_interactions_case'
        ORDER BY c.relname
        """
    )
    with engine.begin() as connection:
        indexes = connection.execute(query, {"tables": list(_TABLES)}).all()
        for index in indexes:
            connection.execute(sa.text(f'DROP INDEX "{index.name}"'))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL maintenance_work_mem = '256MB'"))
            for index in indexes:
                connection.execute(sa.text(index.made))
            connection.execute(sa.text(f"ANALYZE {', '.join(_TABLES)}"))


def _part(part: tuple[str, int, int, int, datetime]) -> None:
    """A thousand cases or more, whole, in one transaction of one process."""
    database_url, cases, seed, rank, now = part
    engine = open_engine(database_url, forked=True)
    with nothing_thrown_away(), Session(engine) as session:
        session.execute(sa.text("SET LOCAL synchronous_commit = off"))
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # keys are known to be right
        _write(session, cases, seed, rank, now)
        session.commit()


def _write(session: Session, cases: int, seed: int, rank: int, now: datetime) -> None:
    chance, here = Random(seed), _here(session, now)
    how_many = max(1, cases // 2)
    point_ids = count(reserve_block(session, "contact_points", how_many * 3)[0])
    town = Town(here.doors.all, point_ids, from_rank=rank, leaves_address=False)
    known = [town.person(chance, id_, now) for id_ in reserve_block(session, "contacts", how_many)]
    demands = Demands(
        here.judge,
        here.cast,
        here.doors,
        here.office,
        [kept.person for kept in known],
        exchange_ids=count(reserve_block(session, "interactions", cases * 8)[0]),
    )
    teller = Teller(demands, here.office, now)
    still_open = [_recent(chance, demands, now) for _ in range(int(cases * _OPEN))]
    past = begun(chance, demands, cases - len(still_open), now)
    lives = [*past, *still_open]
    ids = reserve_block(session, "cases", len(lives))
    name_lives(session, lives, ids, "bench")
    for life in past:
        teller.tell(chance, life)
    for life in still_open:
        _tell_open(chance, teller, demands, life, now)
    write_people(session, known, lives)
    write_lives(session, lives)
    fill_texts(session, ids[0] - 1, len(ids))  # no trigger did it: they sleep while we copy


@dataclass(frozen=True, slots=True)
class _Here:
    """What every part goes by: read once a process."""

    judge: Judge
    doors: Doors
    cast: Cast
    office: Office


_read: dict[datetime, _Here] = {}


def _here(session: Session, now: datetime) -> _Here:
    if now not in _read:
        book = rulebook(session, now)
        _read[now] = _Here(Judge(book), Doors(session), Cast(session), Office(book.calendar))
    return _read[now]


def _recent(chance: Random, demands: Demands, now: datetime) -> Life:
    day = now.astimezone(PARIS).date() - timedelta(days=int(chance.random() ** 2 * _OPEN_DAYS))
    return demands.on(chance, day, now)


def _tell_open(chance: Random, teller: Teller, demands: Demands, life: Life, now: datetime) -> None:
    """One of every state, most of them to be worked on."""
    teller.begin(life)
    if life.state is not CaseState.ASSIGNED or life.unit_id is None or chance.random() < 0.3:
        return
    crew = demands.cast.crew(chance, life.unit_id)
    came = life.start.created_at
    at = came + (now - came) * chance.uniform(0.05, 0.5)
    life.accept(at, crew)
    later, drawn = at + (now - at) * 0.3, chance.random()
    if drawn < 0.2:
        life.plan(later, crew, (now + timedelta(days=chance.randrange(1, 12))).date())
    elif drawn < 0.3 and life.start.answer_channel in {"email", "letter"}:
        life.ask(min(later, now - timedelta(hours=1)), crew, some(chance, "questions"))
    elif drawn < 0.38:
        life.await_partner(later, crew, some(chance, "partners"))
    elif drawn < 0.48:
        life.resolve(later, crew, teller.outcome(chance, life), some(chance, "precisions"))
