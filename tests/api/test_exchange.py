"""The telephone exchange at our door: forged, replayed, fifty times at once; and who is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import SecretStr
from redis import Redis

from crm.app import create_app
from crm.channels import sign
from crm.foundation import SYSTEM, FrozenClock, Sessions, Settings, Units
from crm.foundation.settings import Phone
from crm.inbox import Inbound
from crm.interactions import Interaction, PhoneCall
from crm.staff import Agent
from crm.wiring import wire
from tests import given
from tests.doors import make_app
from tests.own_database import create_database
from tests.servers import Servers

_PHONE = Phone(secret=SecretStr("partagé avec l’autocommutateur"))
_CALL = {"call": "x1", "event": "new", "caller": "0639980001", "agent": "4012"}


@pytest.fixture
def app(sessions: Sessions, clock: FrozenClock, servers: Servers) -> Iterator[Flask]:
    yield _opened(sessions, clock, servers)


def _opened(sessions: Sessions, clock: FrozenClock, servers: Servers, redis_url: str = "") -> Flask:
    return make_app(sessions, clock, servers, told={"phone": _PHONE}, redis_url=redis_url)


def _post(app: Flask, told: object, *, secret: str = "", ago: timedelta = timedelta()) -> tuple[int, object]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    stamp = str(int((app.extensions["crm"].clock.now() - ago).timestamp()))
    mark = sign(secret or _PHONE.secret.get_secret_value(), "w", stamp, body)
    headers = {"webhook-id": "w", "webhook-timestamp": stamp, "webhook-signature": mark}
    answer = app.test_client().post("/hooks/phone", data=body, headers=headers)
    return answer.status_code, answer.json


def _count(sessions: Sessions, table: type) -> int:
    with sessions() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_forged_or_late_nothing_is_kept(app: Flask, sessions: Sessions) -> None:
    assert _post(app, _CALL, secret="deviné")[0] == 401
    assert _post(app, _CALL, ago=timedelta(minutes=6))[0] == 401
    assert app.test_client().post("/hooks/phone", json=_CALL).status_code == 401
    assert _count(sessions, Inbound) == _count(sessions, PhoneCall) == 0


def test_replayed_within_the_window_it_is_known(app: Flask, sessions: Sessions) -> None:
    assert _post(app, _CALL) == (202, {"kept": 1, "known": 0})
    assert _post(app, _CALL) == (202, {"kept": 0, "known": 1})
    assert _count(sessions, PhoneCall) == 1


def test_what_nobody_understands_waits_for_a_person_with_its_raw_content(
    app: Flask, sessions: Sessions
) -> None:
    assert _post(app, b"\xff pas du JSON")[0] == 202
    with sessions() as session:
        row = session.scalars(sa.select(Inbound)).one()
    assert (row.outcome, row.reason) == ("waiting", "not_json")


def test_the_agent_who_rings_is_told_and_by_ids_alone(
    app: Flask, sessions: Sessions, units: Units, servers: Servers
) -> None:
    with units.begin(SYSTEM) as uow:
        email = given.agent(uow)
        uow.session.execute(sa.update(Agent).where(Agent.email == email).values(extension="4012"))
    with Redis.from_url(servers.redis_url) as redis, redis.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe("crm:consoles")
        heard.get_message(timeout=2)
        _post(app, _CALL)
        said = next(filter(None, (heard.get_message(timeout=2) for _ in range(5))))
    with sessions() as session:
        call = session.scalars(sa.select(PhoneCall)).one()
    assert json.loads(said["data"]) == {"agent": call.agent_id, "what": {"call": call.id}}
    assert call.caller == "+33639980001"


def test_without_redis_the_call_is_kept_all_the_same(
    sessions: Sessions, clock: FrozenClock, servers: Servers
) -> None:
    app = _opened(sessions, clock, servers, redis_url="redis://127.0.0.1:1/0")
    assert _post(app, {**_CALL, "event": "missed"})[0] == 202
    assert _count(sessions, PhoneCall) == 1


def test_fifty_times_at_once_is_one_call_and_one_call_back(servers: Servers, clock: FrozenClock) -> None:
    settings = Settings(
        database_url=create_database(servers.database_url, "exchange"),
        redis_url=servers.redis_url,
        secret_key="not a secret: a test",
        phone=_PHONE,
    )
    wired = wire(settings, clock=clock)
    app = create_app(wired=wired)
    missed = {**_CALL, "event": "missed"}
    with ThreadPoolExecutor(16) as many:
        answers = list(many.map(lambda _: _post(app, missed), range(50)))
    try:
        assert {status for status, _ in answers} == {202}
        assert sum(told["kept"] for _, told in answers) == 1  # type: ignore[index]
        assert [_count(wired.sessions, one) for one in (Inbound, PhoneCall, Interaction)] == [1, 1, 1]
    finally:
        wired.close()
