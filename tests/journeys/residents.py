"""A resident reports something, without script, as the pages come."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.journeys.going import follow


def report(page: Page, words: str, category: str, place: str = "", *, name: str = "", email: str = "") -> str:
    """Anonymous without an e-mail. Ends where it is said to be registered; returns the tracking address."""
    _begin(page, words, category)
    _pass_until(page, "input[type=radio][name=way]", place)
    page.locator(f"input[type=radio][name=way][value={'email' if email else 'none'}]").check()
    if email:
        page.fill("#email", email)
        page.fill("#family_name", name)
    _go_on(page)
    page.get_by_role("button", name=re.compile("^(Envoyer|Send)")).click()
    page.wait_for_url("**/recue/**")
    return (
        page.get_by_role("link", name=re.compile("^(Voir ma demande|See my request)$")).get_attribute("href")
        or ""
    )


def up_to_photos(page: Page, words: str, category: str, place: str) -> None:
    """A report that stops where photos are asked for."""
    _begin(page, words, category)
    _pass_until(page, "#files", place)


def _begin(page: Page, words: str, category: str) -> None:
    page.goto("/signaler")
    page.fill("#object", words)
    _go_on(page)
    page.locator(f"input[name=category][value={category}]").first.check()
    _go_on(page)


def _pass_until(page: Page, wanted: str, place: str) -> None:
    for _ in range(12):  # more pages than the longest way has
        if page.locator(wanted).count():
            return
        _pass_by(page, place)
    raise AssertionError(page.locator("main").inner_text())


def _pass_by(page: Page, place: str) -> None:
    """Questions left open, the place, what is known nearby, no photo."""
    apart = page.get_by_role("button", name=re.compile("autre chose|something else"))
    if apart.count():
        follow(page, apart)
        return
    if page.locator("#place").count():
        page.fill("#place", place)
    if page.locator("input[type=radio][name=spot]").count():
        page.locator("input[type=radio][name=spot]").first.check()
    _go_on(page)


def _go_on(page: Page) -> None:
    follow(page, page.get_by_role("button", name=re.compile("^Continu(er|e)$")))
