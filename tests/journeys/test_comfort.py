"""Acts by name, help beside the page, one's own keys, tighter lines: with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from crm.staff import Agent
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def as_usual(house: House) -> Iterator[None]:
    yield
    with house.wired.sessions.begin() as session:
        session.execute(sa.update(Agent).values(shortcut_keys={}, shortcuts_on=True, density="comfortable"))


def _focused(page: Page) -> object:
    return page.evaluate("document.activeElement.id")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_palette_finds_an_act_by_a_few_letters_without_accents(visit: Visit, width: int) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    page.keyboard.press("Control+KeyK")
    expect(page.locator("#palette")).to_be_visible()
    no_fault(page)
    look(page, f"palette-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.type("rep fair")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Réponses à faire")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/files/reponses")


def test_the_palette_gives_back_the_place_where_one_was_typing(visit: Visit) -> None:
    page = visit("karim")
    page.keyboard.type("un trou")
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("introuvable zzz")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert _focused(page) == "object"
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("compact")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-density", "compact")
    expect(page.locator("#object")).to_have_value("un trou")


def _offered(page: Page, typed: str) -> list[str]:
    """What the palette offers for these letters, the search left out."""
    page.keyboard.press("Control+KeyK")
    page.locator("#palette input").fill(typed)
    found = page.locator("#palette [role=option] > span").all_inner_texts()
    page.keyboard.press("Escape")
    return [label for label in found if not label.startswith("Rechercher «")]


def test_the_palette_holds_all_that_the_moment_allows(visit: Visit, house: House) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        told = {"contact_id": given.contact(uow, phone="06 39 98 00 44"), "place": given.place("99001")}
        reference = given.open_case(uow, house.wired.rulebooks.current(), CaseState.IN_PROGRESS, **told)
    supervisor = visit("helene")
    supervisor.goto(f"/console/demandes/{reference}")
    wanted = {
        "note": "Ajouter une note interne",
        "corriger": "Corriger",
        "ecrire": "Écrire à l’usager",
        "recep": "Récépissé",
        "pdf": "Dossier en PDF",
        "photos": "Ajouter des photos ou des fichiers",
        "pourquoi": "Pourquoi ce service ?",
    }
    assert [typed for typed, label in wanted.items() if label not in _offered(supervisor, typed)] == []
    supervisor.keyboard.press("Control+KeyK")
    supervisor.keyboard.type("note int")
    supervisor.keyboard.press("Enter")
    assert _focused(supervisor) == "text"
    supervisor.goto("/console/files/toutes")
    assert "Exporter en CSV" in _offered(supervisor, "csv")
    assert {"Filtres", "Filtrer"} & {*_offered(supervisor, "filtrer")}
    assert _offered(supervisor, "selection") == []  # nothing is ticked
    supervisor.locator("td.pick input").first.check()
    assert _offered(supervisor, "selection") == ["Exporter la sélection"]
    assert not {"Menu", "Fermer le menu"} & {*_offered(supervisor, "menu"), *_offered(supervisor, "fermer")}


def test_the_palette_leads_a_team_to_its_acts_on_several_demands(visit: Visit, house: House) -> None:
    lead = visit("samira")
    with house.wired.units.begin(SYSTEM) as uow:
        told: dict[str, object] = {"place": given.place("99007"), "category_code": "ECLA-01"}
        given.open_case(uow, house.wired.rulebooks.current(), CaseState.ASSIGNED, **told)
    lead.goto("/console/files/a-traiter")
    lead.locator("td.pick input").first.check()
    for act in ("Prendre en charge", "Planifier", "Faire une tournée"):
        assert act in _offered(lead, act)


def test_the_palette_leads_to_each_setting_and_the_ground_to_its_lists(visit: Visit) -> None:
    administrator = visit("yann")
    administrator.goto("/console/administration")
    screens = administrator.locator("main .actions a").all_inner_texts()
    assert len(screens) > 10
    administrator.goto("/console/notifications")
    assert [label for label in screens if label not in _offered(administrator, label)] == []
    phone = visit("diego")
    phone.goto("/console/terrain")
    assert "À traiter" in _offered(phone, "traiter") and "Tournées" in _offered(phone, "tourn")
    assert _offered(phone, "roles") == []


def test_help_stands_beside_the_page_and_lists_ones_own_keys(visit: Visit) -> None:
    page = visit("karim")
    page.locator("[data-help]").click()
    panel = page.locator("#help")
    expect(panel).to_contain_text("Ctrl K")
    no_fault(page)
    look(page, "help")
    page.fill("#object", "on tape encore")
    page.locator("#help [data-close]").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_key_is_changed_by_pressing_it_and_switched_off_on_demand(visit: Visit, house: House) -> None:
    page = visit("karim")
    page.goto("/console/preferences")
    page.focus("#key-search")
    page.keyboard.press("F8")
    expect(page.locator("#key-search")).to_have_value("F8")
    page.get_by_role("button", name="Enregistrer les raccourcis").click()
    expect(page.locator("main")).to_contain_text("sert déjà à une autre action")
    page.focus("#key-search")
    page.keyboard.press("Shift+F2")
    page.get_by_role("button", name="Enregistrer les raccourcis").click()
    expect(page.locator("main")).to_contain_text("Raccourcis enregistrés")
    expect(page.locator(".find kbd")).to_have_text("Maj F2")
    page.keyboard.press("F2")
    assert _focused(page) != "find"
    page.keyboard.press("Shift+F2")
    assert _focused(page) == "find"
    page.get_by_role("button", name="Désactiver les raccourcis").click()
    expect(page.locator("main")).to_contain_text("désactivés")
    page.keyboard.press("Shift+F2")
    assert _focused(page) != "find"


@pytest.mark.parametrize("width", [1366, 320])
def test_compact_lines_are_thirty_two_points_high_and_readable(visit: Visit, width: int) -> None:
    page = visit("helene")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/console/preferences")
    page.check("main [name=density][value=compact]", force=True)
    page.get_by_role("button", name="Enregistrer l’affichage").click()
    expect(page.locator("main")).to_contain_text("Affichage changé")
    for path in (
        "/console/files/toutes",
        "/console/demandes/nouvelle",
        "/console/preferences",
        "/console/aide",
    ):
        page.goto(path)
        no_fault(page)
        look(page, f"compact-{width}-{path.rpartition('/')[2]}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    expect(page.locator("body")).to_have_attribute("data-density", "compact")
    page.goto("/console/preferences")
    page.set_viewport_size({"width": 1366, "height": 768})
    assert page.evaluate(_HEIGHT_OF_A_LINE) == 32


_HEIGHT_OF_A_LINE = """() => {
  const table = document.createElement('table');
  table.innerHTML = '<tbody><tr><td><a href="#">2026 · 00 42 17 · 63</a></td><td>Trou</td></tr></tbody>';
  document.querySelector('main').append(table);
  return Math.round(table.rows[0].getBoundingClientRect().height);
}"""


@pytest.mark.parametrize("width", [1366, 320])
def test_each_page_of_settings_is_accessible(visit: Visit, width: int) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    for path in ("/console/brouillons", "/console/preferences", "/console/aide", "/console/actions"):
        page.goto(path)
        no_fault(page)
        look(page, f"settings-{width}-{path.rpartition('/')[2]}", whole=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
