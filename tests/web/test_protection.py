"""Headers, cookies and markup that keep a page from harm, on every address and every screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from crm.foundation.settings import Web
from tests.doors import make_app
from tests.servers import Servers
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
SCREENS = (
    "/console/demandes/nouvelle",
    "/console/demandes/{reference}",
    "/console/demandes/{reference}/correction",
    "/console/demandes/{reference}/reponse",
    "/console/files/toutes",
    "/console/files/reponses",
    "/console/recherche",
    "/console/courriers",
    "/console/rappels",
    "/console/envois",
)
PUBLIC = ("/login", "/", "/signaler", "/suivi", "/nous-joindre", "/accessibilite", "/rien-ici")
_INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|\ssrc=\"(?!/|data:)", re.I
)

_NOT_OURS = re.compile(
    r"<textarea.*?</textarea>|<[^>]*>|&[#\w]+;", re.S
)  # what is being written is left alone


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock, CaseState.RESOLVED)


@pytest.mark.parametrize("address", ["/login", "/rien", "/console/", "/healthz", "/suivi/x", "/signaler"])
def test_every_answer_carries_the_policy(stranger: Browser, address: str) -> None:
    headers = stranger.get(address).headers
    said = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert POLICY.items() <= said.items()
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] in {"no-store", "private, no-cache"}


def test_the_session_cookie_stays_with_us(stranger: Browser, world: World) -> None:
    answer = stranger.post("/login", email=world.agents["advisor"], password=World.PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_behind_https_a_form_is_taken_from_a_browser_that_tells_no_referrer(
    sessions: Sessions, clock: FrozenClock, servers: Servers, world: World
) -> None:
    web = Web(secure_cookies=True, proxies=1)
    browser = make_app(sessions, clock, servers, web=web).test_client()
    proxy = {"base_url": "http://inside:8000", "headers": {"X-Forwarded-Proto": "https"}}
    page = browser.get("/login", **proxy)
    assert page.headers["Set-Cookie"].startswith("__Host-crm=") and "; Secure" in page.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in page.headers
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    answer = browser.post(
        "/login",
        data={"csrf_token": token, "email": world.agents["advisor"], "password": World.PASSWORD},
        base_url="http://inside:8000",
        headers={"X-Forwarded-Proto": "https", "Cookie": cookie},
    )
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/console/")


def test_no_screen_holds_a_style_or_a_script_of_its_own(log_in: Enter, reference: str) -> None:
    browser = log_in("supervisor")
    for screen in (*SCREENS, *PUBLIC):
        page = browser.get(screen.format(reference=reference))
        found = _INLINE.search(page.text)
        assert found is None, f"{screen}: put « {found and found.group()} » in assets/"


def test_each_screen_opens_with_one_title_and_one_main(log_in: Enter, reference: str) -> None:
    browser = log_in("supervisor")
    for screen in SCREENS:
        page = browser.get(screen.format(reference=reference))
        assert page.status_code == 200, screen
        assert page.text.count("<main") == page.text.count("<h1") == 1, screen
        assert "Undefined" not in page.text and "%(" not in page.text, screen


def test_each_screen_opens_in_english_too(log_in: Enter, reference: str) -> None:
    browser = log_in("supervisor")
    for screen in SCREENS:
        page = browser.get(screen.format(reference=reference).partition("?")[0], lang="en")
        assert page.status_code == 200 and '<html lang="en">' in page.text, screen


def test_typography_is_french(log_in: Enter, reference: str) -> None:
    browser = log_in("advisor")
    for screen in SCREENS[:-1]:
        text = re.sub(_NOT_OURS, "", browser.get(screen.format(reference=reference)).text)
        wrong = re.search(r"\w [;!?»](?=\s)|« \w|\w :\s", text)
        assert wrong is None, (
            f"{screen}: « {wrong and wrong.group()} » wants a no-break space: use _() or |typo"
        )


def test_a_page_that_breaks_says_so_without_details(app: Flask, stranger: Browser) -> None:
    page = stranger.get("/suivi/" + "x" * 40)
    assert page.status_code == 404 and "Traceback" not in page.text
