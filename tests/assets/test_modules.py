"""The browser modules, in a real browser, under the real security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.assets.stage import ROOT, Stage, open_stage, render, weight

pytestmark = pytest.mark.journey

SCREEN = """{% extends "_layout/console.html" %}
{% from "_parts/forms.html" import input, textarea, combobox, button, csrf %}
{% from "_parts/assist.html" import suggestions, assist, map, danger_strip %}
{% block title %}Essai{% endblock %}
{% block main %}<h1>Essai</h1>
<form id="case-form" class="form" method="post" action="/sent" data-submit-shortcut>{{ csrf() }}
  {{ danger_strip("Fils à nu ?", "Dites : éloignez-vous.") }}
  {{ textarea("object", "Objet") }}{{ suggestions(source="/categories") }}
  <div data-fact>{{ combobox("place", "Lieu", "/adresses", fill={"lon": "", "lat": ""}) }}
    {{ map(outlines="/contours", lon="#place-lon", lat="#place-lat") }}</div>
  {{ combobox("person", "Usager", "/adresses", attrs={"data-pick": "explicit"}) }}
  {{ input("who", "Nom") }}{{ button("Enregistrer", kind="primary", keys="Ctrl ⏎") }}
</form>{% endblock %}
{% block aside %}{% call assist("competence", "/competence") %}<p>Service</p>{% endcall %}{% endblock %}"""
KEY_ASKED = {"refused": "", "by_key": True, "by_application": False, "url_for": lambda _name: "/too-late"}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with open_stage(
        essai=render(SCREEN),
        style=render("web/style/show.html"),
        sent=render("_layout/error.html"),
        cle=render("web/entrance/second.html", **KEY_ASKED),
    ) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    """The form open; whatever the browser complains of (policy, script, missing file) fails the test."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    complaints: list[str] = []
    stage.posts.clear()
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{stage.address}/essai")
    yield opened
    opened.close()
    assert complaints == []


def focused(page: Page, what: str) -> object:
    return page.evaluate(f"document.activeElement.{what}")


def test_an_address_is_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.locator("#place").press_sequentially("12 rue")
    page.locator("[role=option]").first.wait_for()
    assert page.get_attribute("#place", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#place") == "12 rue des Lilas"
    assert (page.input_value("[name=place]"), float(page.input_value("#place-lon"))) == ("12", 4.85)
    page.keyboard.type(" bis")
    assert page.input_value("[name=place]") == ""


def test_a_person_is_never_guessed(page: Page) -> None:
    page.locator("#person").press_sequentially("Diallo")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Tab")
    assert (page.input_value("#person"), page.input_value("[name=person]")) == ("Diallo", "")


def test_a_hurried_enter_does_not_send_the_form(page: Page, stage: Stage) -> None:
    page.locator("#place").press_sequentially("12 rue")
    page.keyboard.press("Enter")
    assert page.title().startswith("Essai")
    assert not [path for path, _ in stage.posts if path == "/sent"]


def test_a_category_is_taken_by_the_place_of_the_digit_on_an_azerty_keyboard(page: Page) -> None:
    page.locator("#object").press_sequentially("lampadaire")
    page.locator("#categories li").nth(4).wait_for()
    page.keyboard.press("Tab")
    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {code: 'Digit2', key: 'é', bubbles: true}))"
    )
    assert focused(page, "value") == "C-2"
    assert page.is_checked("[value='C-2']")
    page.keyboard.press("Enter")
    assert focused(page, "id") == "place"


def test_only_the_facts_travel_when_a_zone_is_asked_again(page: Page, stage: Stage) -> None:
    page.fill("#who", "Amina Diallo")
    page.locator("#object").press_sequentially("lampadaire")
    page.locator("#categories label").first.click()
    page.get_by_text("Service : voirie").wait_for()
    path, sent = stage.posts[-1]
    assert (path, sent["category"]) == ("/competence", ["C-1"])
    assert {"who", "object"} & set(sent) == set()


def test_the_pin_moves_with_the_arrows_and_tells_the_form(page: Page) -> None:
    page.locator("#place").press_sequentially("12 rue")
    page.locator("[role=option]").first.wait_for()
    page.locator(".map").scroll_into_view_if_needed()
    page.locator(".leaflet-control-zoom").wait_for()
    page.focus("#place")
    page.keyboard.press("Tab")
    page.locator(".map-pin").focus()
    page.keyboard.press("ArrowRight")
    assert float(page.input_value("#place-lon")) > 4.85


def test_shortcuts_work_and_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("F2")
    assert focused(page, "id") == "find"
    page.keyboard.press("F9")
    assert page.is_checked("[name=danger_said]")
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    page.focus("#who")
    page.keyboard.press("F2")
    assert focused(page, "id") == "who"


def test_an_agent_s_own_keys_replace_the_usual_ones(page: Page) -> None:
    page.evaluate('document.body.dataset.keys = \'{"search": "Shift+F4"}\'')
    page.focus("#who")
    page.keyboard.press("F2")
    assert focused(page, "id") == "who"
    page.keyboard.press("Shift+F4")
    assert focused(page, "id") == "find"


def test_control_enter_sends_the_form_once(page: Page, stage: Stage) -> None:
    page.focus("#who")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sent")
    assert [path for path, _ in stage.posts] == ["/sent"]


@pytest.mark.parametrize("width", [1366, 1093, 320])
def test_the_page_of_pieces_is_accessible_and_never_wider_than_the_screen(
    page: Page, stage: Stage, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{stage.address}/style")
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": axe})
    faults = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_key_asked_for_too_late_leads_where_one_begins_again(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.address}/cle")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url("**/sent")


def test_pages_stay_light() -> None:
    assert weight("portal.css", "portal.js", "icon.svg") <= 30_000
    assert weight("console.css", "console.js", "icon.svg") <= 65_000
