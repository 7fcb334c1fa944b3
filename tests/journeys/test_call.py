"""T01: a call, from the object to the number said aloud, without touching the mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from crm.cases import spoken
from tests.journeys.house import House


def test_a_dead_street_light_is_taken_during_the_call_by_the_keyboard_alone(
    visit: Callable[..., Page], house: House
) -> None:
    # given: Tuesday 22 December, ten o'clock; an advisor with a resident on the line
    page, mailbox = visit("karim"), f"{uuid4().hex}@usagers.example"
    place = house.place("public")
    keys = page.keyboard
    assert page.evaluate("document.activeElement.id") == "object"
    # when
    keys.type("lampadaire éteint devant chez elle")
    page.locator("#categories li").first.wait_for()
    keys.press("Tab")
    keys.press("Digit1")
    expect(page.locator("#categories input:checked")).to_have_value("ECLA-01")
    keys.press("Enter")
    _tab_to(page, "place")
    keys.type(place)
    page.locator("[role=option]").first.wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#recap")).to_contain_text("mercredi 30 décembre")
    _tab_to(page, "q_mast")
    keys.type("12-045")
    _tab_to(page, "answer_channel")
    keys.type("Courriel")
    for field, said in (("first_name", "Aïcha"), ("family_name", "Diallo"), ("email", mailbox)):
        _tab_to(page, field)
        keys.type(said)
    keys.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    # then
    reference = page.url.split("/")[-2]
    _said_aloud(page, reference)
    case = house.case(reference)
    assert case.answers == {"mast": "12-045"}
    house.work()
    (mail,) = house.mails(mailbox)
    assert reference in mail and "30 décembre" in mail and case.public_token in mail
    assert "devant chez elle" not in mail, "a stranger's words are not sent to an address anyone can type"
    assert "01 99 00 00 00" in mail


def _said_aloud(page: Page, reference: str) -> None:
    """The number, the unit, a date that skips Christmas and the week-end; and a form ready again."""
    done = page.locator("#done")
    expect(done).to_contain_text("Éclairage public, secteur Est")
    expect(done).to_contain_text("mercredi 30 décembre")
    assert spoken(reference) in re.sub(r"\s+", " ", done.inner_text())
    assert page.evaluate("document.activeElement.id") == "done"


def test_a_caller_already_known_is_found_and_chosen_never_guessed(
    visit: Callable[..., Page], house: House
) -> None:
    page, name = visit("karim"), f"Zorgan{uuid4().hex[:6]}"
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


def _tab_to(page: Page, wanted: str, at_most: int = 12) -> None:
    for _ in range(at_most):
        if page.evaluate("document.activeElement.id || document.activeElement.name") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not within {at_most} tabs")
