"""The way in: who is let in, who waits, and where they may be sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from redis import Redis

from crm.foundation import FrozenClock, Sessions
from crm.http import visitor
from crm.staff import Agent
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


def _try(browser: Browser, world: World, password: str, **more: str) -> int:
    return browser.post("/login", email=world.agents["advisor"], password=password, **more).status_code


@pytest.mark.parametrize(
    ("who", "lands_on"),
    [
        ("advisor", "/console/demandes/nouvelle"),
        ("desk_agent", "/console/accueil"),
        ("team_lead", "/console/files/a-traiter"),
        ("field_agent", "/console/terrain"),
        ("supervisor", "/console/demandes/nouvelle"),
        ("config_admin", "/console/administration"),
    ],
)
def test_each_role_lands_on_its_work(log_in: Enter, who: str, lands_on: str) -> None:
    browser = log_in(who)
    assert browser.get("/console/").headers["Location"] == lands_on
    assert browser.get(lands_on).status_code == 200


def test_wrong_and_unknown_are_told_apart_by_nothing(stranger: Browser, world: World) -> None:
    wrong = stranger.post("/login", email=world.agents["advisor"], password="pas celui-là")
    unknown = stranger.post("/login", email="personne@rivebois.example", password="pas celui-là")
    assert wrong.status_code == unknown.status_code == 401
    told = "Adresse ou mot de passe incorrect"
    assert told in wrong.text and told in unknown.text
    assert 'value="personne@rivebois.example"' in unknown.text, "what was typed is kept"


def test_after_ten_failures_the_account_waits_fifteen_minutes(
    stranger: Browser, world: World, clock: FrozenClock
) -> None:
    assert {_try(stranger, world, "pas celui-là") for _ in range(10)} == {401}
    assert _try(stranger, world, World.PASSWORD) == 401
    clock.at += timedelta(minutes=16)
    assert _try(stranger, world, World.PASSWORD) == 303


def test_redis_knows_no_address_of_a_visitor(stranger: Browser, world: World, servers: Servers) -> None:
    for host in ("203.0.113.7", "2001:db8:1:2::a", "2001:db8:1:2::b"):
        stranger.client.post("/login", data={"email": "x@y.fr"}, environ_overrides={"REMOTE_ADDR": host})
        _try(stranger, world, "pas celui-là")
    with Redis.from_url(servers.redis_url) as redis:
        keys = b" ".join(redis.scan_iter("LIMITS:*"))
    assert keys and not any(part in keys for part in (b"203.0.113.7", b"2001:db8", b"127.0.0.1"))


def test_an_ipv6_subscriber_is_one_visitor(app: Flask) -> None:
    seen = []
    for host in ("2001:db8:1:2::a", "2001:db8:1:2:ffff::1", "2001:db8:1:3::a", "203.0.113.7"):
        with app.test_request_context(environ_overrides={"REMOTE_ADDR": host}):
            seen.append(visitor())
    assert seen[0] == seen[1] and len(set(seen)) == 3


def test_whoever_is_logged_in_may_log_in_as_somebody_else(log_in: Enter, world: World) -> None:
    browser = log_in("advisor")
    answer = browser.post("/login", email=world.agents["supervisor"], password=World.PASSWORD)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/console/")


def test_twenty_tries_on_an_account_are_enough(stranger: Browser, world: World) -> None:
    codes = [_try(stranger, world, "pas celui-là") for _ in range(21)]
    assert (codes[-1], set(codes[:-1])) == (429, {401})


def test_ending_the_sessions_of_an_account_ends_them_at_once(
    log_in: Enter, world: World, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    with sessions.begin() as session:
        mine = sa.update(Agent).where(Agent.email == world.agents["advisor"])
        session.execute(mine.values(session_epoch=Agent.session_epoch + 1))
    assert "/login" in browser.get("/console/demandes/nouvelle").headers["Location"]


def test_logging_out_is_final(log_in: Enter) -> None:
    browser = log_in("advisor")
    browser.get("/console/demandes/nouvelle")
    copied = browser.client.get_cookie("crm")
    assert copied is not None and browser.post("/logout").status_code == 303
    assert "/login" in browser.get("/console/").headers["Location"]
    browser.client.set_cookie("crm", copied.value)
    assert "/login" in browser.get("/console/").headers["Location"], "a copied cookie opened the door"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://exemple.example/", "//exemple.example", "/\\exemple.example", "javascript:alert(1)", "/suivi"],
)
def test_a_link_never_leads_elsewhere(stranger: Browser, world: World, elsewhere: str) -> None:
    answer = stranger.post("/login", email=world.agents["advisor"], password=World.PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/console/"


def test_whoever_is_sent_to_log_in_comes_back_where_they_went(stranger: Browser, world: World) -> None:
    asked = stranger.get("/console/files/reponses").headers["Location"]
    back = stranger.get(asked).text
    assert 'name="next" value="/console/files/reponses"' in back
    answer = stranger.post(
        "/login", email=world.agents["advisor"], password=World.PASSWORD, next="/console/files/reponses"
    )
    assert answer.headers["Location"] == "/console/files/reponses"


def test_a_form_sent_by_another_site_does_nothing(log_in: Enter, app: Flask) -> None:
    browser = log_in("advisor")
    for path in ("/logout", "/console/demandes/nouvelle", "/console/aides/usagers", "/login"):
        assert browser.forged(path).status_code == 400
    assert browser.get("/console/demandes/nouvelle").status_code == 200
