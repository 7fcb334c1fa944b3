"""Servers that do not answer, and too many at once: nobody loses what they wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from crm.cases import Case
from crm.foundation import FrozenClock, Sessions
from tests.doors import lose_database, make_app
from tests.portal.resident import draft, form_with, reported, reviewed, send
from tests.servers import Servers

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def without_redis(
    services: dict[str, int], sessions: Sessions, clock: FrozenClock, servers: Servers
) -> Iterator[FlaskClient]:
    yield make_app(sessions, clock, servers, redis_url=NOWHERE).test_client()
    make_app(sessions, clock, servers)  # the counters go back to a Redis that answers


def test_losing_redis_refuses_nobody(without_redis: FlaskClient, sessions: Sessions) -> None:
    token = reported(without_redis)
    with sessions() as session:
        reference = session.scalars(sa.select(Case.reference)).one()
    pair = {"reference": reference, "proof": "lea@exemple.fr"}
    assert without_redis.post("/suivi", data=pair).location == f"/suivi/{token}"


def test_losing_the_database_keeps_the_text_on_the_page(
    app: Flask, client: FlaskClient, sessions: Sessions
) -> None:
    page, held = reviewed(client), app.extensions["crm"]
    lose_database(app)
    lost = send(client, page, "key")
    assert lost.status_code == 503 and "Votre texte est gardé" in lost.text
    assert form_with(lost, "key").fields["object"] == "Lampadaire éteint devant l’école"
    app.extensions["crm"] = held
    assert send(client, lost, "key").status_code == 303
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1


def test_between_two_pages_too(app: Flask, client: FlaskClient) -> None:
    page, held = draft(client), app.extensions["crm"]
    lose_database(app)
    lost = send(client, page, "category", category="ECLA-01")
    assert lost.status_code == 503
    app.extensions["crm"] = held
    assert "Où est-ce" in send(client, lost, "key").text


def _hold_the_window(servers: Servers) -> None:
    """The counters of this minute go on counting: what is sent in it is what the story is about."""
    with Redis.from_url(servers.redis_url) as redis:
        for key in redis.scan_iter("LIMITS:*"):
            redis.expire(key, 3600)


def test_too_many_sendings_keep_the_text(app: Flask, client: FlaskClient, servers: Servers) -> None:
    """A flood is slowed after 120 in a minute; the page keeps the words and says how else to reach us."""
    empty = {"step": "review", "website": "x"}
    let_through = 0
    while (status := client.post("/signaler/envoi", data=empty).status_code) != 429:
        let_through += 1
        _hold_the_window(servers)  # one minute, however slow the machine
        assert status < 500 and let_through <= 120
    slowed = client.post("/signaler/envoi", data={"object": "Un trou énorme", "key": "k" * 24})
    assert let_through == 120
    assert slowed.status_code == 429 and "01 99 00 00 00" in slowed.text
    assert form_with(slowed, "key").fields["object"] == "Un trou énorme"
