"""« Ajouter un danger » with the keyboard alone: begun, tried, left as it was found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


@pytest.mark.parametrize(("width", "code"), [(1366, "CRU1"), (320, "CRU2")])
def test_a_danger_is_begun_and_tried_from_the_keyboard(visit: Visit, width: int, code: str) -> None:
    page = visit("yann")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/console/administration/dangers")
    look(page, f"dangers-{width}")
    page.get_by_role("link", name="Ajouter un danger").press("Enter")
    page.locator("#code").focus()
    for typed in (
        code,
        "Crue",
        "Flood",
        "rivière en crue",
        "",
        None,
        "Montez à l’étage et restez-y.",
        "Go upstairs.",
        "112",
    ):
        if typed:
            page.keyboard.type(typed)
        page.keyboard.press("Tab")
    no_fault(page)
    look(page, f"new-danger-{width}", whole=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Commencer un brouillon").press("Enter")
    page.locator("#said").fill("la rivière en crue arrive à ma porte")
    page.get_by_role("button", name="Essayer cette phrase").press("Enter")
    expect(page.locator("section[aria-labelledby=then]")).to_contain_text("Montez à l’étage")
    look(page, f"danger-tried-{width}")
    page.get_by_text("Abandonner le brouillon").press("Enter")
    page.get_by_role("button", name="Abandonner pour de bon").press("Enter")
    expect(page.locator("main")).not_to_contain_text(code)
