"""Finding demands by words that are rare, common now, or common in another season."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import quantiles

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.house import House
from bench.load import Call, drive, exchange, get, post
from bench.plan import Plan
from bench.serving import cookie_in, logged_in, token_in, warm
from bench.table import Line, judged
from crm.cases import search_cases
from crm.foundation import Actor, open_engine

_MOST_MS = 30.0
_CLIENTS = 2
_RARE = 30  # words
_COMMON = ("trottoir", "rue", "poubelle", "lampadaire éteint", "voiture", "nid de poule")
_SEASONAL = ("feuilles mortes", "verglacé", "trottoir glissant", "chenilles", "herbes hautes", "guêpes")
_RARELY_SAID = """
    SELECT word FROM ts_stat('SELECT search FROM case_texts ORDER BY md5(case_id::text) LIMIT 5000')
    WHERE ndoc = 1 AND length(word) > 4 AND word !~ '[@0-9]' ORDER BY md5(word) LIMIT %s
"""


def measure(house: House, plan: Plan) -> Iterator[Line]:
    """The database's part for whoever sees everything and for a desk, then the whole answer as one types."""
    with psycopg.connect(house.database_url) as connection:
        rare = [str(word) for (word,) in connection.execute(_RARELY_SAID, [_RARE])]
        row = connection.execute(
            "SELECT insee FROM cases WHERE insee IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
        )
        insee = str((row.fetchone() or ("",))[0])
    kinds = {"rare": rare, "common": list(_COMMON), "seasonal": list(_SEASONAL)}
    actors = {
        "centre": Actor(kind="agent", roles=frozenset({"advisor"})),
        "desk": Actor(kind="agent", roles=frozenset({"desk_agent"}), places=frozenset({insee})),
    }
    for who, actor in actors.items():
        for kind, words in kinds.items():
            p50, p95 = _in_database(house, actor, words)
            yield Line(f"search, {kind} words, {who}, database, p50", round(p50, 1), "ms")
            told = f"search, {kind} words, {who}, database, p95"
            yield judged(told, p95, "ms", "≤ 30", lambda ms: ms <= _MOST_MS)
    yield from _as_typed(house, plan, kinds)


def _in_database(house: House, actor: Actor, words: list[str]) -> tuple[float, float]:
    """p50 and p95 in ms of what one search spends in its statements."""
    engine = open_engine(house.database_url, forked=True)
    spent = _Spent(engine)
    times = []
    with engine.connect() as connection, Session(connection) as session:
        for word in words * max(3, 60 // len(words)):
            spent.ms = 0.0
            search_cases(session, actor, word)
            times.append(spent.ms)
    engine.dispose()
    cuts = quantiles(times[len(words) :], n=20)  # the first round brings pages into memory
    return cuts[9], cuts[18]


class _Spent:
    """Time from a statement's sending to its rows' arrival."""

    def __init__(self, engine: sa.Engine) -> None:
        self.ms = 0.0
        self._began = 0.0
        sa.event.listen(engine, "before_cursor_execute", self._begin)
        sa.event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _end(self, *_: object) -> None:
        self.ms += (time.perf_counter() - self._began) * 1000


def _as_typed(house: House, plan: Plan, kinds: dict[str, list[str]]) -> Iterator[Line]:
    cookie = logged_in(house, "advisor")
    _, page = exchange(house.address, get(house.address, "/console/recherche", cookie))
    token, cookie = token_in(page), cookie_in(page) or cookie
    for kind, words in kinds.items():
        calls = [_ask(house, cookie, token, word) for word in words]
        warm(house, calls[:5], times=2)
        result = drive(house.address, calls, clients=_CLIENTS, seconds=plan.seconds)
        yield judged(
            f"search, {kind} words, as typed, p95", result.p95, "ms", "", lambda _: True, len(result.wrong)
        )


def _ask(house: House, cookie: str, token: str, word: str) -> Call:
    form = {"q": word, "csrf_token": token}
    return post(house.address, "/console/recherche/resultats", form, cookie, holds=["data-said"])
