"""The session ends during a call: scripts are told, forms wait for their agent, one case comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.foundation import Sessions
from crm.intake.models import Draft
from crm.staff import Agent
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
NEW = "/console/demandes/nouvelle"
JSON = {"Accept": "application/json"}


def _form(browser: Browser) -> dict[str, str]:
    usual = {"object": "Un trou devant la poste", "category": "VOIR-01", "insee": "99801", "kind": "report"}
    hidden = browser.form(NEW)
    return {**hidden, **usual, "answer_channel": "none", "channel": "phone", "family_name": "Diallo"}


def _end_everywhere(sessions: Sessions, agent_id: int) -> None:
    with sessions() as session:
        session.execute(
            sa.update(Agent).where(Agent.id == agent_id).values(session_epoch=Agent.session_epoch + 1)
        )
        session.commit()


def _lose(how: str, browser: Browser, sessions: Sessions, agent_id: int) -> None:
    if how == "cookie":
        browser.client.delete_cookie("crm")
    else:
        _end_everywhere(sessions, agent_id)


def _password(browser: Browser, world: World) -> dict[str, Any]:
    """What the panel does: a token for nobody, then the password."""
    door = browser.client.get("/login", headers=JSON).json
    assert door is not None
    told = browser.client.post(
        "/login",
        data={"email": world.agents["advisor"], "password": world.PASSWORD},
        headers={**JSON, "X-CSRFToken": door["csrf"]},
    )
    assert told.status_code == 200 and told.json is not None
    return dict(told.json)


@pytest.mark.parametrize("how", ["cookie", "epoch"])
@pytest.mark.parametrize("asked", [JSON, {"HX-Request": "true"}])
def test_a_script_is_told_and_not_shown_a_page(
    log_in: Enter, world: World, sessions: Sessions, how: str, asked: dict[str, str]
) -> None:
    browser = log_in("advisor")
    form = _form(browser)
    _lose(how, browser, sessions, world.ids["advisor"])
    for path in ("/console/brouillons/enregistrer", "/console/aides/competence"):
        assert browser.client.post(path, data=form, headers=asked).status_code == 401
    assert browser.client.get("/console/session", headers=asked).status_code == 401


def test_a_password_typed_on_the_spot_opens_the_session_with_a_token_that_works(
    log_in: Enter, world: World, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _form(browser)
    browser.client.delete_cookie("crm")
    told = _password(browser, world)
    assert told["agent"] == world.ids["advisor"]
    sent = browser.client.post(NEW, data={**form, "csrf_token": told["csrf"]})
    assert sent.status_code == 303 and "/enregistree" in sent.headers["Location"]
    alive = browser.client.get("/console/session", headers=JSON).json
    assert alive is not None and alive["agent"] == told["agent"]


def test_a_wrong_password_is_said_in_words_and_counts(stranger: Browser, world: World) -> None:
    door = stranger.client.get("/login", headers=JSON).json
    assert door is not None
    told = stranger.client.post(
        "/login",
        data={"email": world.agents["advisor"], "password": "pas celui-là"},
        headers={**JSON, "X-CSRFToken": door["csrf"]},
    )
    assert told.status_code == 401 and told.json is not None
    assert "incorrect" in told.json["title"]


@pytest.mark.parametrize("how", ["cookie", "epoch"])
def test_a_plain_form_that_comes_too_late_waits_for_its_agent(
    log_in: Enter, world: World, sessions: Sessions, how: str
) -> None:
    browser = log_in("advisor")
    form = _form(browser)
    token = browser._token
    _lose(how, browser, sessions, world.ids["advisor"])
    late = browser.client.post(NEW, data={**form, "csrf_token": token})
    assert (late.status_code, late.headers["Location"][:12]) == (303, "/login?next=")
    door = browser.get(late.headers["Location"])
    assert "Votre saisie est gardée" in door.text and "Un trou" not in door.text
    told = browser.post(
        "/login", email=world.agents["advisor"], password=world.PASSWORD, next=_next(door.text)
    )
    back = browser.get(told.headers["Location"])
    assert "Un trou devant la poste" in back.text and "Diallo" in back.text
    assert browser.post(NEW, **_form_again(back.text, form)).status_code == 303
    with sessions() as session:
        assert len(session.scalars(sa.select(Case)).all()) == 1
        assert session.scalars(sa.select(Draft)).all() == []


def _next(html: str) -> str:
    return html.partition('name="next"')[2].partition('value="')[2].partition('"')[0]


def _form_again(html: str, form: dict[str, str]) -> dict[str, str]:
    assert form["draft"] in html, "the same number"
    return form


def test_what_waits_is_not_shown_to_another_agent(log_in: Enter, world: World, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _form(browser)
    browser.client.delete_cookie("crm")
    late = browser.client.post(NEW, data=form)
    address = (
        late.headers["Location"]
        .partition("next=")[2]
        .replace("%2F", "/")
        .replace("%3F", "?")
        .replace("%3D", "=")
    )
    assert address.startswith(NEW)
    assert log_in("supervisor").get(address).status_code == 404
    assert "Un trou" in log_in("advisor").get(address).text


def test_an_invented_form_leaves_nothing_behind(stranger: Browser, sessions: Sessions) -> None:
    late = stranger.client.post(NEW, data={"draft": "inventé", "object": "x"})
    assert (late.status_code, late.headers["Location"]) == (302, "/login")
    with sessions() as session:
        assert session.scalars(sa.select(Draft)).all() == []


def test_a_dead_token_of_a_live_session_gives_the_form_back(log_in: Enter, sessions: Sessions) -> None:
    """Logged in again in another tab: the cookie is good, the form's token is of the session before."""
    browser = log_in("advisor")
    form = _form(browser)
    late = browser.client.post(NEW, data={**form, "csrf_token": "mort"})
    assert late.status_code == 303
    back = browser.get(late.headers["Location"]).text
    assert "Un trou devant la poste" in back and "Votre saisie est là" in back
    script = browser.client.post("/console/brouillons/enregistrer", data=form, headers=JSON)
    assert script.status_code == 401, "our script takes a fresh token and tries again"
