"""What a key opens, and how often; a Redis that is away refuses nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from crm.api import quotas
from crm.foundation import FrozenClock, Sessions, Units
from crm.territory import forget
from tests.api.partners import LIGHT, bring, key_of, reference
from tests.doors import lose_database, make_app
from tests.servers import Servers


@pytest.fixture(autouse=True)
def _uncounted(servers: Servers) -> Iterator[None]:
    """Keys of other tests had the same numbers."""
    with Redis.from_url(servers.redis_url) as redis:
        for name in redis.scan_iter("quota:*"):
            redis.delete(name)
    yield
    quotas._away_until = 0.0


@pytest.fixture
def light(client: FlaskClient, units: Units) -> str:
    return reference(client, key_of(units, "departement"))


@pytest.mark.parametrize(
    ("scope", "opens"),
    [("read", {"read"}), ("create", {"create"}), ("update", {"update"})],
)
def test_a_key_opens_what_it_is_for_and_nothing_else(
    client: FlaskClient, units: Units, light: str, scope: str, opens: set[str]
) -> None:
    key = key_of(units, "departement", [scope])
    update = {"api_key": key, "service_request_id": light, "update_id": "1", "status": "open"}
    answers = {
        "read": client.get("/open311/v2/requests.json", query_string={"api_key": key}),
        "create": bring(client, key),
        "update": client.post("/open311/v2/servicerequestupdates.json", data=update),
    }
    assert {name for name, answer in answers.items() if answer.status_code < 300} == opens
    assert {answer.status_code for name, answer in answers.items() if name not in opens} == {403}


def test_a_minute_s_quota_is_told_refused_and_given_back(
    client: FlaskClient, units: Units, clock: FrozenClock
) -> None:
    key = key_of(units, "departement", per_minute=3)
    ask = {"headers": {"Authorization": f"Bearer {key}"}}
    left = [client.get("/open311/v2/requests.xml", **ask).headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/open311/v2/requests.xml", **ask)
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 60
    assert b"<code>429</code>" in refused.data
    clock.at += timedelta(minutes=1)
    assert client.get("/open311/v2/requests.xml", **ask).status_code == 200


def test_a_day_s_quota_lasts_until_midnight_in_paris(
    client: FlaskClient, units: Units, clock: FrozenClock
) -> None:
    key = key_of(units, "departement", per_day=1)
    ask = {"query_string": {"api_key": key}}
    assert client.get("/open311/v2/requests.json", **ask).status_code == 200
    refused = client.get("/open311/v2/requests.json", **ask)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) == 14 * 3600
    clock.at += timedelta(hours=14)
    assert client.get("/open311/v2/requests.json", **ask).status_code == 200


def test_a_key_is_not_held_to_the_pace_of_its_address(client: FlaskClient, units: Units) -> None:
    key = key_of(units, "departement")
    many = {
        client.get("/open311/v2/requests.json", query_string={"api_key": key}).status_code for _ in range(125)
    }
    assert many == {200}
    anybody = [client.get("/open311/v2/requests.json").status_code for _ in range(121)]
    assert anybody[0] == 200 and anybody[-1] == 429


def test_without_redis_nobody_is_refused_and_the_answer_says_so(
    sessions: Sessions, clock: FrozenClock, servers: Servers, units: Units, services: dict[str, int]
) -> None:
    app: Flask = make_app(sessions, clock, servers, redis_url="redis://127.0.0.1:1/0")
    key = key_of(units, "departement", per_minute=1)
    ask = {"query_string": {"api_key": key}}
    answers = [app.test_client().get("/open311/v2/requests.json", **ask) for _ in range(3)]
    forget()
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["RateLimit-Remaining"] for answer in answers} == {"uncounted"}


def test_a_lost_answer_is_asked_for_by_its_idempotency_key(client: FlaskClient, units: Units) -> None:
    key, other = (key_of(units, name) for name in ("departement", "metropole"))
    told = {**LIGHT, "api_key": key}
    brought = client.post("/open311/v2/requests.json", data=told, headers={"Idempotency-Key": "n-42"})
    found = client.get("/open311/v2/tokens/n-42.json", query_string={"api_key": key})
    assert found.json == [{"service_request_id": brought.json[0]["service_request_id"], "token": "n-42"}]
    assert client.get("/open311/v2/tokens/n-42.xml", query_string={"api_key": other}).status_code == 404
    assert client.get("/open311/v2/tokens/n-42.json").status_code == 403


@pytest.mark.parametrize("form", ["json", "xml"])
def test_without_its_database_the_door_says_later_in_the_form_asked_for(
    app: Flask, client: FlaskClient, units: Units, form: str
) -> None:
    key = key_of(units, "departement")
    lose_database(app)
    for answer in (client.get(f"/open311/v2/requests.{form}?api_key={key}"), bring(client, key, form)):
        assert (answer.status_code, "503" in answer.text) == (503, True)
