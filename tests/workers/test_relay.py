"""The relay: what is due is handed over, what dies comes back, what fails too often waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from crm.foundation import SYSTEM, Actor, Delivery, EventRow, NotAllowed, NotFound
from crm.notifications import TRIES, claim_due, outbox_state, parked_deliveries, pause, retry_delivery
from crm.wiring import Wiring
from tests.own_database import queue_mails
from workers.queues import INSIDE_QUEUE, OUTSIDE_QUEUE, enqueue, open_queue
from workers.relay import Relay

_ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))
_ADVISOR = Actor(kind="agent", id=2, roles=frozenset({"advisor"}))


def _queue(wired: Wiring, count: int = 1) -> None:
    queue_mails(wired.units, [f"{uuid4().hex}@usagers.example" for _ in range(count)])


def _claim(wired: Wiring) -> list[int]:
    with wired.units.begin(SYSTEM) as uow:
        return [one.id for one in claim_due(uow, 200)]


def _make_due(wired: Wiring, **values: object) -> None:
    with wired.engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(sa.update(Delivery).values(due_at=past, **values))


def test_what_was_claimed_comes_due_again_later_each_time(wired: Wiring) -> None:
    _queue(wired, 3)
    before = datetime.now(UTC)
    assert len(_claim(wired)) == 3
    assert _claim(wired) == [], "claimed twice in a row"
    with wired.units.reading() as session:
        due = session.scalars(sa.select(Delivery.due_at)).all()
    assert all(before + timedelta(seconds=5) <= at <= before + timedelta(seconds=8) for at in due)
    _make_due(wired)
    assert len(_claim(wired)) == 3


def test_pauses_grow_and_an_hour_without_mail_parks_nothing() -> None:
    pauses = [pause(n) for n in range(1, TRIES)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert sum(pauses, timedelta()) > timedelta(hours=3)


def test_two_relays_never_claim_the_same(wired: Wiring) -> None:
    _queue(wired, 10)
    with wired.units.begin(SYSTEM) as one, wired.units.begin(SYSTEM) as other:
        first, second = claim_due(one, 6), claim_due(other, 6)
    assert len(first) == 6 and len(second) == 4
    assert not {c.id for c in first} & {c.id for c in second}


def test_after_eight_tries_it_is_parked_and_somebody_with_the_right_tries_again(wired: Wiring) -> None:
    _queue(wired)
    _make_due(wired, attempts=TRIES, last_error="smtp_451")
    assert _claim(wired) == []
    with wired.sessions() as session:
        (parked,) = parked_deliveries(session)
        fact = session.scalars(sa.select(EventRow).order_by(EventRow.id.desc()).limit(1)).one()
    assert (parked.job, parked.last_error, parked.event_kind) == (
        "send_message",
        "smtp_451",
        "message.queued",
    )
    assert (fact.kind, fact.subject_id) == ("delivery.parked", parked.id)

    with pytest.raises(NotAllowed), wired.units.begin(_ADVISOR) as uow:
        retry_delivery(uow, parked.id)
    with wired.units.begin(_ADMIN) as uow:
        retry_delivery(uow, parked.id)
    assert _claim(wired) == [parked.id]
    with pytest.raises(NotFound), wired.units.begin(_ADMIN) as uow:
        retry_delivery(uow, parked.id)


def test_the_relay_hands_over_ids_only_and_a_worker_does_them(
    wired: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.jobs.run.wiring", lambda: wired)
    _queue(wired, 5)
    Relay(wired).pass_on()
    assert open_queue(OUTSIDE_QUEUE, wired.redis).count == 1, "one RQ job takes many deliveries"
    kept = b"".join(
        value
        for key in wired.redis.scan_iter("rq:job:*")
        for value in wired.redis.hgetall(key).values()  # type: ignore[union-attr]
    )
    assert b"usagers.example" not in kept
    _work(wired)
    assert _undone(wired) == 0


def test_losing_redis_loses_nothing(wired: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.jobs.run.wiring", lambda: wired)
    _queue(wired, 5)
    relay = Relay(wired)
    relay.pass_on()
    wired.redis.flushdb()
    _make_due(wired)
    relay.pass_on()
    _work(wired)
    assert _undone(wired) == 0


def test_while_no_worker_works_tries_are_not_used_up(wired: Wiring) -> None:
    _queue(wired, 3)
    relay = Relay(wired)
    for _ in range(20):
        _make_due(wired)
        relay.pass_on()
    with wired.units.reading() as session:
        assert (session.scalar(sa.select(sa.func.max(Delivery.attempts))) or 0) < TRIES
    assert open_queue(OUTSIDE_QUEUE, wired.redis).count <= 4


def test_a_full_queue_holds_up_its_own_jobs_only(wired: Wiring) -> None:
    inside = open_queue(INSIDE_QUEUE, wired.redis)
    for _ in range(4):
        enqueue(inside, [])
    _queue(wired)
    assert Relay(wired).pass_on() is True
    assert open_queue(OUTSIDE_QUEUE, wired.redis).count == 1


def test_a_delivery_nobody_knows_how_to_do_keeps_its_reason(
    wired: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.jobs.run.wiring", lambda: wired)
    _queue(wired)
    _make_due(wired, job="no_such_job")
    Relay(wired).pass_on()
    _work(wired)
    with wired.units.reading() as session:
        assert session.scalar(sa.select(Delivery.last_error)) == "KeyError"


def test_the_state_of_the_outbox_says_who_waits(wired: Wiring) -> None:
    _queue(wired, 2)
    with wired.units.reading() as session:
        state = outbox_state(session, datetime.now(UTC) + timedelta(minutes=11))
    assert (state.waiting, state.late, state.parked) == (2, 2, 0)


def _work(wired: Wiring) -> None:
    queues = [open_queue(name, wired.redis) for name in (INSIDE_QUEUE, OUTSIDE_QUEUE)]
    SimpleWorker(queues, connection=wired.redis, serializer=JSONSerializer).work(burst=True)


def _undone(wired: Wiring) -> int:
    with wired.units.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(Delivery.done_at.is_(None))) or 0
