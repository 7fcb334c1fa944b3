"""What a supervisor of machines asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from crm.api.health import HEARTBEAT_KEY
from crm.foundation import Units, open_engine, session_factory
from tests.servers import Servers
from workers import queues


@pytest.fixture
def beating(servers: Servers) -> None:
    with Redis.from_url(servers.redis_url) as redis:
        queues.beat(redis)


def test_the_workers_and_the_doors_name_the_same_heartbeat() -> None:
    assert HEARTBEAT_KEY == queues.HEARTBEAT_KEY


def test_alive_needs_nothing(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_ready_when_everything_answers(client: FlaskClient, beating: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["down"]) == (200, "ready", [])


def test_a_silent_worker_is_said(client: FlaskClient, servers: Servers) -> None:
    with Redis.from_url(servers.redis_url) as redis:
        redis.delete(HEARTBEAT_KEY)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["down"]) == (503, ["worker"])


def test_a_server_that_is_down_is_named(app: Flask, client: FlaskClient, beating: None) -> None:
    held = app.extensions["crm"]
    nobody = session_factory(open_engine("postgresql://nobody@127.0.0.1:1/none"))
    app.extensions["crm"] = replace(
        held,
        sessions=nobody,
        units=Units(nobody, held.clock, {}),
        redis=Redis.from_url("redis://127.0.0.1:1/0"),
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["down"] == ["database", "migrations", "redis", "worker"]
    assert client.get("/healthz").status_code == 200
    figures = client.get("/metrics")
    assert figures.status_code == 200 and "crm_database_up 0.0" in figures.text


def test_figures_count_requests_and_what_waits(client: FlaskClient) -> None:
    client.get("/nous-joindre")
    text = client.get("/metrics").text
    assert 'crm_http_requests_total{endpoint="public.contact",method="GET",status="200"}' in text
    for name in ("crm_http_request_seconds_bucket", "crm_deliveries_pending", "crm_deliveries_parked",
                 "crm_deliveries_oldest_seconds", "crm_cases_open"):  # fmt: skip
        assert name in text
