"""Answers that cross: what a page asks for by itself never brings an older session back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
DRAFTS, BELL = "/console/brouillons", "/console/notifications/cloche"
BY_ITSELF = {
    "the bell": {"Sec-Fetch-Mode": "cors", "Accept": "text/html"},
    "an image": {"Sec-Fetch-Mode": "no-cors"},
    "htmx, without HTTPS": {"HX-Request": "true"},
    "a script, without HTTPS": {"Accept": "application/json"},
}


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    """Logged in by the door: only such a session is renewed."""
    opened = Browser(app)
    assert opened.post("/login", email=world.agents["advisor"], password=World.PASSWORD).status_code == 303
    opened.get(DRAFTS)
    return opened


def _session(browser: Browser) -> str:
    cookie = browser.client.get_cookie("crm")
    assert cookie is not None
    return cookie.value


def _asked_with(app: Flask, session: str, path: str, headers: dict[str, str]) -> TestResponse:
    """As a request does that left with that cookie, whatever came meanwhile."""
    client = app.test_client()
    client.set_cookie("crm", session)
    return client.get(path, headers=headers)


@pytest.mark.parametrize("how", BY_ITSELF)
def test_a_late_answer_takes_no_word_from_the_page_that_follows(
    app: Flask, browser: Browser, how: str
) -> None:
    # given: the bell is asked, then a form is sent and answered
    typed, before = browser.form("/console/demandes/nouvelle"), _session(browser)
    assert browser.post("/console/brouillons/appel-interrompu", **typed, object="Un trou").status_code == 303
    # when: the bell's answer comes last
    late = _asked_with(app, before, BELL, BY_ITSELF[how])
    for cookie in late.headers.getlist("Set-Cookie"):
        browser.client.set_cookie("crm", cookie.split(";")[0].partition("=")[2])
    # then
    assert late.status_code == 200
    assert "tout est gardé" in browser.get(DRAFTS).text


def test_what_changed_the_session_by_itself_is_kept(browser: Browser) -> None:
    before = _session(browser)
    browser.client.post(
        "/console/recherche/resultats",
        data={"q": "poste", "on": "page", "csrf_token": browser._token},
        headers={"Sec-Fetch-Mode": "cors", "HX-Request": "true"},
    )
    assert _session(browser) != before


def test_a_page_opened_renews_the_session(app: Flask, browser: Browser) -> None:
    opened = _asked_with(app, _session(browser), DRAFTS, {"Sec-Fetch-Mode": "navigate"})
    assert "Expires" in opened.headers["Set-Cookie"]


def test_a_screen_on_the_wall_is_not_logged_out(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    six_hours_ago = int(time.time()) - 6 * 3600
    with monkeypatch.context() as then:
        then.setattr(TimestampSigner, "get_timestamp", lambda _: six_hours_ago)
        old = Browser(app)
        old.post("/login", email=world.agents["advisor"], password=World.PASSWORD)
    asked = _asked_with(app, _session(old), BELL, BY_ITSELF["the bell"])
    assert "crm=" in asked.headers["Set-Cookie"]
