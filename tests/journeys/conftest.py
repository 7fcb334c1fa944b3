"""People in front of real browsers. Whatever a browser complains of fails the journey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.journeys.house import TUESDAY_BEFORE_CHRISTMAS, House, open_house
from tests.journeys.looking import TELLS_WHAT_IS_DUE
from tests.servers import Servers

Visit = Callable[..., Page]
expect.set_options(timeout=15_000)  # as long as a page is given: browsers and servers share the cores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def shared_house(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened, serving, server = open_house(servers, tmp_path_factory.mktemp("house"))
    yield opened
    server.shutdown()  # type: ignore[attr-defined]
    serving.join()
    server.server_close()  # type: ignore[attr-defined]
    opened.wired.close()


@pytest.fixture
def house(shared_house: House) -> House:
    """The same house for every journey, on the same morning."""
    shared_house.clock.at = TUESDAY_BEFORE_CHRISTMAS
    shared_house.wired.redis.flushdb()
    return shared_house


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """`visit()`: a resident's browser; `visit("karim")`: that agent's, logged in."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(who: str = "", **more: object) -> Page:
        context = browser.new_context(
            base_url=house.address,
            viewport={"width": 1366, "height": 768},
            locale="fr-FR",
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.add_init_script(_TELL_VIOLATIONS)
        context.add_init_script(TELLS_WHAT_IS_DUE)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: _note(complaints, said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if who:
            _log_in(page, house.accounts[who])
        return page

    yield enter
    heard = list(complaints)
    for context in contexts:
        _leave(context)
    assert heard == []


def _leave(context: BrowserContext) -> None:
    """Each page goes nowhere first: Chromium never ends a context that it is told to while a page arrives."""
    for page in context.pages:
        page.on("dialog", lambda asked: asked.accept())
        for _ in range(5):  # what was on its way may come first
            with suppress(Error):
                page.goto("about:blank")
                break
    context.close()


# Chromium writes them to the console already; this one says which rule, whatever the browser.
_TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (e) =>
  console.error(`CSP: ${e.violatedDirective} refused ${e.blockedURI}`))"""


def _note(complaints: list[str], said: str) -> None:
    """A refusal (4xx) is an answer, not a fault of the page; nor is a question that a newer one replaced."""
    if said.startswith(("htmx:afterRequest", "htmx:sendAbort")):
        return  # a request that failed by itself says « htmx:sendError » too
    refused = "Failed to load resource" in said or "Response Status Error Code 4" in said  # htmx says so
    if not refused or " 5" in said:
        complaints.append(said)


def _log_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/login")
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/**")
