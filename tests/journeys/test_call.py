"""Who is on the line: found by what they say, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.calls import surname
from tests.journeys.house import House


def test_a_caller_already_known_is_found_and_chosen_never_guessed(
    visit: Callable[..., Page], house: House
) -> None:
    page, name = visit("karim"), surname("Zorgan")
    page.fill("#object", "nid de poule")
    page.fill("#family_name", name)
    page.select_option("#answer_channel", "none")
    page.locator("#categories input").first.check(force=True)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    page.locator("#contact").press_sequentially(name)
    page.locator("[role=option]", has_text=name).wait_for()
    assert page.input_value("[name=contact]") == ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("nid de poule")
