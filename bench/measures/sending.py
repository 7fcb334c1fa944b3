"""From the outbox to SMTP by the real relay and workers, alone and while demands keep coming."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from redis import Redis
from rq import Worker

from bench.baselines import bare_mails
from bench.house import House
from bench.measures.creating import create
from bench.plan import Plan
from bench.serving import logged_in, programme
from bench.table import Line, compared, judged
from crm.cli.embedded import outbox
from crm.foundation import SYSTEM, WAKE_CHANNEL, SystemClock, Units, open_engine, session_factory
from crm.interactions import Message, queue_message
from crm.reactions import REACTIONS

_PATIENCE_SECONDS = 180
_NOT_YET = (
    "UPDATE deliveries SET due_at = now() + interval '1 day' WHERE done_at IS NULL"  # until all are ready
)
_TOGETHER = 500  # messages queued in one transaction


def measure(house: House, plan: Plan) -> Iterator[Line]:
    cookie = logged_in(house, "advisor")
    _settle(house)
    bare = bare_mails(house, count=min(plan.mails, 3000))
    yield Line("mails on one kept connection", round(bare), "/s")
    seconds = _drain(house, plan)
    beside = ("kept connection", bare)
    yield compared("outbox to SMTP", plan.mails / seconds, "/s", beside, "≥ 0.50", 0.50)
    most = 30 * plan.mails / 10_000
    name = f"{plan.mails:,} mails drained"
    yield judged(name, seconds, "s", f"≤ {most:g}", lambda s: s <= most)
    yield from _while_creating(house, plan, cookie, most)


def _drain(house: House, plan: Plan) -> float:
    """Seconds from the moment they are due to the last one noted as sent; each is in the sink once."""
    before = _kept(house)
    _queue(house, plan.mails)
    with _senders(house):
        began = _release(house)
        _wait_until_sent(house)
        seconds = time.monotonic() - began
    arrived = _kept(house) - before
    if arrived != plan.mails:
        raise SystemExit(f"{arrived} mails in the sink for {plan.mails} queued")
    return seconds


def _while_creating(house: House, plan: Plan, cookie: str, most: float) -> Iterator[Line]:
    """Demands alone, then demands while as many mails leave; their own messages leave too."""
    with _senders(house):
        alone = create(house, plan, cookie, 4)
        _wait_until_sent(house)
    _queue(house, plan.mails)
    taken: list[float] = []

    def drained() -> None:
        began = _release(house)
        _wait_until_sent(house, ours=True)
        taken.append(time.monotonic() - began)

    with _senders(house):
        busy = create(house, plan, cookie, 4, meanwhile=drained)
        _wait_until_sent(house)
    beside = ("alone", alone.rate)
    wrong = len(alone.wrong) + len(busy.wrong)
    yield compared("create while mails are drained", busy.rate, "/s", beside, "≥ 0.80", 0.80, wrong)
    name = f"{plan.mails:,} mails drained while creating"
    yield judged(name, taken[0], "s", f"≤ {most:g}", lambda s: s <= most)


@contextmanager
def _senders(house: House) -> Iterator[None]:
    """The relay and two workers, once they listen."""
    with programme(house, "relay"), programme(house, "worker", count=2):
        end = time.monotonic() + _PATIENCE_SECONDS
        with psycopg.connect(house.database_url, autocommit=True) as connection:
            while time.monotonic() < end and not _listen(house, connection):
                time.sleep(0.1)
        yield


def _listen(house: House, connection: psycopg.Connection) -> bool:
    relay = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s", [f"LISTEN {WAKE_CHANNEL}%"]
    ).fetchone()
    with Redis.from_url(house.settings.redis_url) as redis:
        return bool(relay and relay[0]) and len(Worker.all(connection=redis)) >= 2


def _release(house: House) -> float:
    """What was queued is due now; returns the moment."""
    with psycopg.connect(house.database_url) as connection:
        connection.execute("UPDATE deliveries SET due_at = now() WHERE done_at IS NULL AND parked_at IS NULL")
        connection.execute(f"NOTIFY {WAKE_CHANNEL}")
    return time.monotonic()


def _queue(house: House, count: int) -> None:
    engine = open_engine(house.database_url, forked=True)
    units = Units(session_factory(engine), SystemClock(), REACTIONS)
    for first in range(0, count, _TOGETHER):
        with units.begin(SYSTEM) as uow:
            for number in range(first, min(first + _TOGETHER, count)):
                queue_message(uow, None, 0, _message(number))
    with engine.begin() as connection:  # not before everybody is ready
        connection.execute(
            sa.text("UPDATE deliveries SET due_at = now() + interval '1 day' WHERE done_at IS NULL")
        )
    engine.dispose()


def _message(number: int) -> Message:
    return Message(
        kind="registration",
        channel="email",
        recipient=f"banc{number}@exemple.example",
        subject="Votre demande est enregistrée",
        body="Bonjour,\n\n" + "Votre demande est enregistrée sous la référence.\n" * 30,
    )


def _settle(house: House) -> None:
    """What earlier measures left to send is sent first."""
    with _senders(house):
        _wait_until_sent(house)


_WAITING = """
SELECT EXISTS (
  SELECT FROM deliveries d JOIN events e ON e.id = d.event_id
  WHERE d.done_at IS NULL AND d.parked_at IS NULL AND (NOT %(ours)s OR e.subject_id = 0))
"""


def _wait_until_sent(house: House, *, ours: bool = False) -> None:
    """Args: `ours`: only the mails of `_queue`, which belong to no case."""
    end = time.monotonic() + _PATIENCE_SECONDS
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        while time.monotonic() < end:
            waiting = connection.execute(_WAITING, {"ours": ours}).fetchone()
            if waiting and not waiting[0]:
                return
            time.sleep(0.2)
    raise SystemExit("Mails are still waiting; see relay.log and worker.log.")


def _kept(house: House) -> int:
    return sum(1 for _ in outbox(house.folder).glob("*.eml"))
