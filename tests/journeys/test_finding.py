"""Finding again, hands on the keyboard: from a few words to the case, from a name to the sheet, in a list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.foundation import SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]
_SAID = "Lampadaire éteint devant le gymnase Ocarina"


def _right(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    look(page, name)
    no_fault(page)


@pytest.fixture(scope="module")
def reference(shared_house: House) -> str:
    wired = shared_house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, first_name="Ludivine", family_name="Ocarinette", phone="06 39 98 03 21")
        place = given.place("99001", label="3 rue des Ocarinas")
        told = {"contact_id": who, "place": place, "category_code": "ECLA-01"}
        return given.open_case(uow, wired.rulebooks.current(), object=_SAID, **told)


def test_from_a_few_words_to_the_case_without_a_mouse(visit: Visit, house: House, reference: str) -> None:
    page = visit("karim")
    page.goto("/console/files/toutes")
    page.keyboard.press("F2")
    page.keyboard.type("lampadaires eteints ocarina", delay=15)
    expect(page.locator("#found .results")).to_contain_text("Lampadaire éteint")
    expect(page.locator("#found mark").first).to_have_text("Lampadaire")
    expect(page.locator("#spoken")).to_contain_text("demande")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#find")).to_be_focused()
    _right(page, "finding-box")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/demandes/{reference}")
    assert "ocarina" not in page.url


def test_escape_closes_what_was_found_and_keeps_the_words(visit: Visit, reference: str) -> None:
    page = visit("karim")
    page.goto("/console/files/toutes")
    page.keyboard.press("F2")
    page.keyboard.type("ocarinete", delay=15)
    expect(page.locator("#found")).to_contain_text("Ludivine Ocarinette")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#found .results")).to_have_count(0)
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("ocarinete")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_page_of_results_keeps_its_words_in_its_address_only_for_the_browser(
    visit: Visit, reference: str, width: int
) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("F2")
    page.keyboard.type("ocarinas", delay=15)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/recherche#q=ocarinas")
    expect(page.locator("#results")).to_contain_text("3 rue des Ocarinas")
    assert not [url for url in asked if "ocarinas" in url.partition("#")[0]]
    page.keyboard.press("F2")
    page.keyboard.type("0321")
    page.wait_for_url("**/console/recherche#q=0321")
    expect(page.locator("#results")).to_contain_text("Ludivine Ocarinette")
    page.goto("/console/recherche#q=gymnase")
    expect(page.locator("#results")).to_contain_text("gymnase Ocarina")
    _right(page, f"finding-results-{width}")


def test_the_same_without_scripts(visit: Visit, reference: str) -> None:
    page = visit("karim", java_script_enabled=False)
    page.goto("/console/files/toutes")
    page.fill("#find", "ocarinas")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("3 rue des Ocarinas")
    page.get_by_role("link", name="Lampadaire éteint").click()
    page.wait_for_url(f"**/console/demandes/{reference}")


@pytest.mark.parametrize("width", [1366, 320])
def test_a_sheet_is_read_at_any_width(visit: Visit, reference: str, width: int) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/console/recherche?q=ocarinette")
    page.get_by_role("link", name="Ludivine Ocarinette").click()
    expect(page.locator("h1")).to_have_text("Ludivine Ocarinette")
    expect(page.locator("aside.side")).to_contain_text("06 39 98 03 21")
    _right(page, f"finding-sheet-{width}")


@pytest.mark.parametrize(("width", "word"), [(1366, "ocarina"), (320, "gymnase")])
def test_a_list_is_narrowed_kept_and_ticked_by_the_keyboard(
    visit: Visit, reference: str, width: int, word: str
) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/console/files/toutes?filtres=1")
    page.get_by_label("Mots de la demande").focus()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/files/toutes?texte={word}")
    first = page.locator("[data-list] tbody a").first
    first.focus()
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_contain_text("1 demande choisie")
    page.reload()
    expect(page.locator("[data-picked]")).to_contain_text("1 demande choisie")
    page.locator("[data-list] tbody a").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("[data-picked]")).to_be_hidden()
    page.get_by_text("Enregistrer cette liste").click()
    page.get_by_label("Nom de la liste").fill(f"Ocarinas {width}")
    page.keyboard.press("Enter")
    expect(page.locator("nav.queues")).to_contain_text(f"Ocarinas {width}")
    _right(page, f"finding-list-{width}")
