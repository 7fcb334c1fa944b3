"""Registering demands by the console's form, as advisors do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from statistics import median

import psycopg

from bench.baselines import bare_transactions, prepare_tickets
from bench.demands import demands
from bench.house import House
from bench.load import Result, drive, middle
from bench.plan import Plan
from bench.serving import logged_in, programme
from bench.table import Line, compared, judged, served

_FASTEST = 700  # demands a second: how many forms to have ready


def measure(house: House, plan: Plan) -> Iterator[Line]:
    cookie = logged_in(house, "advisor")
    prepare_tickets(house)
    drive(house.address, demands(house, cookie, 100), clients=4, seconds=20, again=False)
    with programme(house, "relay"), programme(house, "worker", count=2):
        yield from _rates(house, plan, cookie)
    yield from _without_relay(house, plan, cookie)


def create(
    house: House, plan: Plan, cookie: str, clients: int, meanwhile: Callable[[], None] | None = None
) -> Result:
    """One round, and the proof in the database that each answer was true."""
    ready = demands(house, cookie, int(_FASTEST * plan.seconds))
    before = _count(house)
    beside = threading.Thread(target=meanwhile or (lambda: None))
    beside.start()
    result = drive(house.address, ready, clients=clients, seconds=plan.seconds, again=False)
    beside.join()
    made = _count(house) - before
    if made != len(result.times):
        result.wrong.append(f"{made} cases for {len(result.times)} answers")
    return result


def _count(house: House) -> int:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM cases WHERE key LIKE 'form:%'").fetchone()
    return int(row[0]) if row else 0


def _rates(house: House, plan: Plan, cookie: str) -> Iterator[Line]:
    """The bare transaction and the creation in turns, so that both meet the same machine."""
    bare, four, pairs = [], [], []
    for _ in range(plan.rounds):
        bare.append(bare_transactions(house, clients=4, seconds=plan.seconds))
        four.append(create(house, plan, cookie, 4))
        pairs.append(four[-1].rate / bare[-1])
    yield Line("bare transaction (pgbench), 4 clients", round(median(bare)), "/s")
    chosen, wrong = middle(four), sum(len(result.wrong) for result in four)
    rate = median(pairs) * median(bare)
    beside = ("pgbench", median(bare))
    yield compared("create, 4 clients, relay at work", rate, "/s", beside, "≥ 0.06, goal 0.10", 0.06, wrong)
    yield judged("create, 4 clients, p50", chosen.p50, "ms", "", lambda _: True)
    yield judged("create, 4 clients, p95", chosen.p95, "ms", "", lambda _: True)
    one = create(house, plan, cookie, 1)
    yield served("create, 1 client", one)
    yield judged("create, 1 client, p50", one.p50, "ms", "", lambda _: True)
    many = create(house, plan, cookie, 16)
    yield served("create, 16 clients", many)
    yield judged("create, 16 clients, p95", many.p95, "ms", "≤ 120", lambda ms: ms <= 120, len(many.wrong))


def _without_relay(house: House, plan: Plan, cookie: str) -> Iterator[Line]:
    """The relay up and down in turns."""
    up, down = [], []
    for _ in range(plan.rounds):
        with programme(house, "relay"), programme(house, "worker", count=2):
            up.append(create(house, plan, cookie, 4))
        down.append(create(house, plan, cookie, 4))
    wrong = sum(len(result.wrong) for result in (*up, *down))
    beside = ("relay up", median(result.rate for result in up))
    rate = median(result.rate for result in down)
    yield compared("create, 4 clients, relay down", rate, "/s", beside, "≥ 0.95", 0.95, wrong)
