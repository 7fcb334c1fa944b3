"""Decide with 5,000 rules over 300 areas, and decide 100,000 past demands again by a draft."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.house import House
from bench.plan import Plan
from bench.table import Line, judged
from crm.cases import Case
from crm.catalogue import Catalogue, catalogue
from crm.foundation import SystemClock, open_engine, session_factory
from crm.reporting import past_cases
from crm.routing import Facts, Replay, Rule, Table, decide

_RULES, _AREAS, _DEMANDS, _AGAIN = 5_000, 300, 20_000, 100_000
_UNITS = 60


@dataclass(frozen=True, slots=True)
class _Unit:
    id: int
    insee: str | None = None
    is_active: bool = True


_KNOWN = {number: _Unit(number) for number in range(1, _UNITS + 1)}


def measure(house: House, plan: Plan) -> Iterator[Line]:
    engine = open_engine(house.database_url)
    sessions = session_factory(engine)
    with sessions() as session:
        book = catalogue(session)
        named = session.scalars(sa.select(Case.insee).where(Case.insee.is_not(None)).distinct())
        ground = [insee for insee in named if insee]
    rules = _rules(book, ground)
    yield from _deciding(book, rules)
    wanted = min(_AGAIN, plan.cases)
    with sessions() as session:
        yield from _again(session, book, rules, wanted)
    engine.dispose()


def _rules(book: Catalogue, ground: list[str]) -> tuple[Rule, ...]:
    """Commune by commune and category by category, some by road owner, some at night."""
    chance = random.Random(11)
    areas = [*ground, *(f"9{number:04d}" for number in range(_AREAS - len(ground)))][:_AREAS]
    categories = list(book.categories.values())
    made = []
    for number in range(1, _RULES + 1):
        category = chance.choice(categories)
        made.append(
            Rule(
                id=number,
                number=number,
                position=number,
                decision="route",
                unit_id=chance.randint(1, _UNITS),
                category_code=category.code,
                insee=chance.choice(areas) if number % 20 else None,
                road_owner=chance.choice([None, None, "public", "departmental"]),
                weekdays=frozenset({"saturday", "sunday"}) if number % 15 == 0 else frozenset(),
            )
        )
    return tuple(made)


def _deciding(book: Catalogue, rules: tuple[Rule, ...]) -> Iterator[Line]:
    """Each demand is asked of a table that has never seen its place, then of one that has."""
    demands = list(islice(_demands(book, rules), _DEMANDS))
    table = Table(1, rules)
    for name in ("first time", "again"):
        times = []
        for facts in demands:
            began = time.thread_time()  # nothing waits in it: what neighbours take is not its cost
            decide(facts, table, _KNOWN)
            times.append((time.thread_time() - began) * 1000)
        times.sort()
        yield Line(f"decide, {_RULES:,} rules, {name}, p50", round(times[len(times) // 2], 4), "ms")
        p99 = times[int(len(times) * 0.99)]
        yield judged(f"decide, {_RULES:,} rules, {name}, p99", p99, "ms", "< 1", lambda ms: ms < 1)


def _demands(book: Catalogue, rules: tuple[Rule, ...]) -> Iterator[Facts]:
    chance = random.Random(12)
    categories = list(book.categories.values())
    areas = sorted({rule.insee for rule in rules if rule.insee})
    now = SystemClock().now()
    while True:
        category = chance.choice(categories)
        yield Facts(
            category_code=category.code,
            domain_code=category.domain_code,
            insee=chance.choice(areas),
            sector_code=None,
            road_owner=chance.choice(["public", "private", "departmental", None]),
            place_kind=category.place,
            inside=True,
            channel="web",
            answers={},
            received_at=now + timedelta(minutes=chance.randint(0, 10_000)),
        )


def _again(session: Session, book: Catalogue, rules: tuple[Rule, ...], wanted: int) -> Iterator[Line]:
    """As the job does: streamed from the database, decided twice each, counted."""
    draft = tuple(
        replace(rule, unit_id=rule.number % _UNITS + 1) if rule.number % 7 == 0 else rule for rule in rules
    )
    replay = Replay(Table(1, rules), Table(0, draft), _KNOWN)
    now = SystemClock().now()
    began = time.perf_counter()
    for case in islice(past_cases(session, book, now - timedelta(weeks=520), now), wanted):
        replay.take(case)
    spent = time.perf_counter() - began
    yield Line("simulation, demands decided again", replay.seen, "")
    limit = 60 * wanted / _AGAIN
    yield judged("simulation", spent, "s", f"< {limit:g}", lambda seconds: seconds < limit)
