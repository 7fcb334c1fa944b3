"""Log-in in two steps: what is asked of whom, and that half-way opens nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from crm.foundation import FrozenClock, Sessions, Settings, SettingsError
from crm.foundation.protection import SecondFactor
from crm.foundation.settings import Centre
from crm.http import gate_of
from crm.staff import Agent
from crm.staff.factors.models import Passkey, RecoveryCode
from crm.web.entrance.halfway import bound_roles
from tests.doors import make_app
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.test_routes_by_role import FILLED, _addresses
from tests.web.world import World

_SECRET = re.compile(r'id="secret">([A-Z2-7]+)<')
_SEALED = re.compile(r'name="sealed" value="([^"]+)"')
_REFERENCE = f"2026-000001-{97 - 2026000001 % 97:02}"  # well written, of no demand
_CODE = re.compile(r"<li><code>([0-9a-z-]{14})</code></li>")


@pytest.fixture
def app(sessions: Sessions, clock: FrozenClock, servers: Servers) -> Iterator[Flask]:
    """An installation where supervisors must have a second factor."""
    yield make_app(sessions, clock, servers, told={"second_factor": SecondFactor(roles=("supervisor",))})


def _password(browser: Browser, world: World, who: str = "supervisor", **more: str) -> str:
    answer = browser.post("/login", email=world.agents[who], password=World.PASSWORD, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def _enrol(browser: Browser, world: World, clock: FrozenClock) -> tuple[str, list[str]]:
    """The application's secret, and the recovery codes."""
    assert _password(browser, world) == "/login/protection"
    page = browser.get("/login/protection").text
    secret, sealed = _SECRET.findall(page)[0], _SEALED.findall(page)[0]
    wrong = browser.post("/login/protection/application", sealed=sealed, code="000000")
    assert wrong.status_code == 422 and secret in wrong.text, "the same square, after a mistake"
    done = browser.post("/login/protection/application", sealed=sealed, code=pyotp.TOTP(secret).at(clock.at))
    assert done.status_code == 200
    clock.at = clock.at.replace(minute=30)
    return secret, _CODE.findall(done.text)


def test_a_supervisor_protects_their_account_then_enters_in_two_steps(
    app: Flask, world: World, clock: FrozenClock
) -> None:
    browser = Browser(app)
    secret, codes = _enrol(browser, world, clock)
    assert len(codes) == 10
    assert browser.get("/console/files/toutes").status_code == 200, "in, at the end of it"

    again = Browser(app)
    assert _password(again, world, next="/console/files/toutes") == "/login/verification"
    assert again.get("/console/files/toutes").headers["Location"].startswith("/login")
    refused = again.post("/login/verification", code="123456")
    assert refused.status_code == 401 and "dix essais" in refused.text
    entered = again.post("/login/verification", code=pyotp.TOTP(secret).at(clock.at))
    assert entered.headers["Location"] == "/console/files/toutes", "where they were going"

    lost = Browser(app)
    _password(lost, world)
    assert lost.post("/login/verification", code=codes[0]).status_code == 303
    assert lost.get("/console/preferences/protection").status_code == 200
    for used in (codes[0], pyotp.TOTP(secret).at(clock.at)):
        thief = Browser(app)
        _password(thief, world)
        assert thief.post("/login/verification", code=used).status_code == 401


def test_who_need_not_enters_as_before(app: Flask, world: World) -> None:
    for who in ("advisor", "config_admin"):
        assert _password(Browser(app), world, who) == "/console/"


@pytest.mark.parametrize("due", ["enrol", "prove"])
def test_half_way_opens_nothing(app: Flask, world: World, clock: FrozenClock, due: str) -> None:
    if due == "prove":
        _enrol(Browser(app), world, clock)
    browser, opened, seen = Browser(app), [], 0
    _password(browser, world)
    app.config["WTF_CSRF_ENABLED"] = False  # what is asked is who may, not from which site
    for rule, method in _addresses(app):
        if not gate_of(app, rule.endpoint) or rule.endpoint == "static":
            continue
        built = rule.build({name: FILLED.get(name, _REFERENCE) for name in rule.arguments})
        answer = browser.client.open(built[1] if built else "", method=method)
        seen += 1
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/login"):
            opened.append((method, rule.rule, answer.status_code))
    assert opened == [] and seen > 100
    other = "/login/verification" if due == "enrol" else "/login/protection"
    assert browser.get(other).headers["Location"] == "/login", "nor the other step"


def test_a_role_mistyped_in_the_settings_stops_the_start(
    sessions: Sessions, clock: FrozenClock, servers: Servers
) -> None:
    with pytest.raises(SettingsError, match="superviser"):
        make_app(sessions, clock, servers, told={"second_factor": SecondFactor(roles=("superviser",))})


def test_from_a_day_on_and_never_in_a_demonstration(clock: FrozenClock) -> None:
    told = Settings(second_factor=SecondFactor(since=clock.at.date()))
    assert bound_roles(told, clock.at) == {"supervisor", "config_admin"}
    assert not bound_roles(told, clock.at - timedelta(days=1))
    assert not bound_roles(told.model_copy(update={"demo": True}), clock.at)


def test_half_way_does_not_last(app: Flask, world: World, clock: FrozenClock) -> None:
    browser = Browser(app)
    _password(browser, world)
    clock.at = clock.at.replace(minute=11)
    late = browser.get("/login/protection")
    assert late.headers["Location"] == "/login"
    assert "Trop de temps" in browser.get("/login").text


def test_the_first_step_as_another_agent_ends_the_session_that_was_there(app: Flask, world: World) -> None:
    browser = Browser(app)
    browser.enter(world.ids["advisor"])
    _password(browser, world)
    assert browser.get("/console/files/toutes").headers["Location"].startswith("/login")


def test_the_panel_of_a_lost_session_asks_for_the_code(app: Flask, world: World, clock: FrozenClock) -> None:
    secret, _codes = _enrol(Browser(app), world, clock)
    json, browser = {"Accept": "application/json"}, Browser(app)
    door = browser.client.get("/login", headers=json).json
    assert door is not None
    headers = {**json, "X-CSRFToken": door["csrf"]}
    sent = {"email": world.agents["supervisor"], "password": World.PASSWORD}
    asked = browser.client.post("/login", data=sent, headers=headers)
    assert asked.status_code == 401 and asked.json is not None and asked.json["code"] is True
    assert browser.client.post("/login", data={**sent, "code": "1"}, headers=headers).status_code == 401
    right = {**sent, "code": pyotp.TOTP(secret).at(clock.at)}
    let_in = browser.client.post("/login", data=right, headers=headers)
    assert let_in.json is not None and let_in.json["agent"] == world.ids["supervisor"]


def test_one_s_own_factors_are_added_and_withdrawn_with_the_password(
    app: Flask, world: World, clock: FrozenClock
) -> None:
    """An advisor need not, and chooses to."""
    browser, home = Browser(app), "/console/preferences/protection"
    browser.enter(world.ids["advisor"])
    assert "le mot de passe suffit" in browser.get(home).text.lower()
    refused = browser.post(f"{home}/application", password="pas celui-là")
    assert refused.status_code == 422 and "mot de passe actuel" in refused.text
    page = browser.post(f"{home}/application", password=World.PASSWORD).text
    secret, sealed = _SECRET.findall(page)[0], _SEALED.findall(page)[0]
    assert browser.post(f"{home}/application/code", sealed=sealed, code="12").status_code == 422
    assert browser.post(f"{home}/application/code", sealed="rien", code="123456").status_code == 404
    begun = clock.at
    clock.at += timedelta(minutes=11)
    late = browser.post(f"{home}/application/code", sealed=sealed, code=pyotp.TOTP(secret).at(clock.at))
    assert late.status_code == 422 and "donnez à nouveau votre mot de passe" in late.text
    clock.at = begun
    done = browser.post(f"{home}/application/code", sealed=sealed, code=pyotp.TOTP(secret).at(clock.at))
    assert len(_CODE.findall(done.text)) == 10
    assert _password(Browser(app), world, "advisor") == "/login/verification"
    assert len(_CODE.findall(browser.post(f"{home}/codes", password=World.PASSWORD).text)) == 10
    refused = browser.post(f"{home}/cle", name="Mon portable", credential="{}")
    assert refused.status_code == 422 and "La clé n’a pas été enregistrée" in refused.text
    assert browser.post(f"{home}/cle/1/retirer", password=World.PASSWORD).status_code == 404
    assert browser.post(f"{home}/application/retirer", password=World.PASSWORD).status_code == 303
    assert _password(Browser(app), world, "advisor") == "/console/"


def test_whoever_has_used_all_their_codes_is_told_that_none_is_left(
    app: Flask, world: World, clock: FrozenClock, sessions: Sessions
) -> None:
    secret, _codes = _enrol(Browser(app), world, clock)
    with sessions.begin() as session:
        session.execute(sa.update(RecoveryCode).values(used_at=clock.at))
    browser = Browser(app)
    _password(browser, world)
    browser.post("/login/verification", code=pyotp.TOTP(secret).at(clock.at))
    page = browser.get("/console/preferences/protection").text
    assert "Il ne vous reste aucun code" in page and "Il n’en reste aucun" in page


def test_a_key_is_asked_for_at_our_address_alone_and_elsewhere_the_page_says_where(
    sessions: Sessions, clock: FrozenClock, servers: Servers, world: World
) -> None:
    here, there = (
        Browser(make_app(sessions, clock, servers, told={"centre": Centre(site_url=address)}))
        for address in ("http://localhost", "https://rivebois.example")
    )
    with sessions.begin() as session:
        kept = {"public_key": b"", "sign_count": 0, "name": "", "created_at": clock.at}
        session.add(Passkey(agent_id=world.ids["advisor"], credential_id=b"hers", **kept))
    for browser, at_address in ((here, True), (there, False)):
        _password(browser, world, "advisor")
        page = browser.get("/login/verification").text
        assert ("Utiliser ma clé" in page, "à l’adresse https://rivebois.example" in page) == (
            at_address,
            not at_address,
        )


def test_a_key_refused_at_the_door_lets_nobody_in(app: Flask, world: World) -> None:
    browser = Browser(app)
    _password(browser, world)
    refused = browser.post("/login/protection/cle", name="Mon portable", credential="{}")
    assert refused.status_code == 422 and "La clé n’a pas été enregistrée" in refused.text
    assert browser.get("/console/files/toutes").headers["Location"].startswith("/login")


def test_a_lost_factor_is_taken_away_by_somebody_else(
    app: Flask, world: World, clock: FrozenClock, sessions: Sessions
) -> None:
    _enrol(Browser(app), world, clock)
    admin, home = Browser(app), "/console/administration/protection"
    admin.enter(world.ids["config_admin"])
    assert "Protégé" in admin.get(home).text
    one = f"{home}/{world.ids['supervisor']}"
    assert admin.post(one, motive="").status_code == 422
    assert admin.post(one, motive="lost", words="Perdu dans le tram.").status_code == 303
    # whoever may take one away reads why it was, there and on the sheet of the agent
    sheet = admin.get(f"/console/administration/agents/{world.ids['supervisor']}").text
    for page in (admin.get(home).text, sheet):
        assert "Téléphone ou clé perdus, en panne" in page and "Perdu dans le tram." in page
    assert "Retirée le mardi 15 septembre" in admin.get(home).text
    with sessions() as session:
        agent = session.get(Agent, world.ids["supervisor"])
        assert agent is not None and agent.session_epoch == 1
    assert _password(Browser(app), world) == "/login/protection"
    assert admin.post(f"{home}/{world.ids['config_admin']}", motive="lost").status_code == 403
