"""A call during which all fails but the desk: sessions, tabs and lines drop, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import Case
from crm.intake.models import Draft
from crm.staff import Agent
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault
from tests.waiting import wait_until

Visit = Callable[..., Page]
NEW, DRAFTS = "/console/demandes/nouvelle", "/console/brouillons"
KEPT = "Brouillon enregistré à"


@pytest.fixture
def visit(visit: Visit, house: House) -> Iterator[Visit]:
    """Logged in, and nothing kept: a page that an earlier journey left may have saved on its way out."""

    def enter(who: str = "", **more: object) -> Page:
        page = visit(who, **more)
        _forget_drafts(house)
        return page

    yield enter
    _forget_drafts(house)


def _forget_drafts(house: House) -> None:
    with house.wired.sessions.begin() as session:
        session.execute(sa.delete(Draft))


def _object(page: Page, words: str) -> None:
    page.locator("#object").press_sequentially(words)
    page.locator("#categories label").first.wait_for()


def _kept(page: Page) -> None:
    expect(page.locator("[data-draft-said]")).to_contain_text(KEPT)


def _listed(page: Page, words: str) -> None:
    """What a page says on its way out comes after the one that is opened then."""

    def shown() -> bool:
        page.reload()
        return words in page.locator("main").inner_text()

    wait_until(shown, told=f"« {words} » is not among the drafts")


def _cases(house: House, words: str) -> int:
    with house.wired.sessions() as session:
        return session.scalars(sa.select(sa.func.count()).where(Case.object.contains(words))).one()


def _end_sessions(house: House, who: str) -> None:
    with house.wired.sessions.begin() as session:
        mine = sa.update(Agent).where(Agent.email == house.accounts[who]["email"])
        session.execute(mine.values(session_epoch=Agent.session_epoch + 1))


@pytest.mark.parametrize("how", ["cookie", "epoch"])
def test_a_session_ended_mid_call_costs_a_password_and_nothing_else(
    visit: Visit, house: House, how: str
) -> None:
    # given: a demand almost finished, and no session any more
    page, words = visit("karim"), f"trou {uuid4().hex[:8]}"
    _object(page, words)
    page.locator("#categories input").first.check(force=True)
    page.select_option("#answer_channel", "none")
    _kept(page)
    if how == "cookie":
        page.context.clear_cookies()
    else:
        _end_sessions(house, "karim")
    # when
    page.keyboard.press("Control+Enter")
    panel = page.locator("#session-over")
    expect(panel).to_be_visible()
    assert page.evaluate("document.activeElement.type") == "password"
    no_fault(page)
    look(page, f"session-{how}")
    page.keyboard.type("pas celui-là")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("incorrect")
    page.locator("#again-password").fill(house.accounts["karim"]["password"])
    page.keyboard.press("Enter")
    # then
    page.wait_for_url("**/enregistree")
    assert _cases(house, words) == 1


def test_who_types_when_the_session_ends_goes_on_typing(visit: Visit, house: House) -> None:
    page = visit("karim")
    _object(page, "lampadaire")
    _kept(page)
    page.context.clear_cookies()
    page.keyboard.press("End")
    page.keyboard.type(" éteint rue des Lilas")
    expect(page.locator("#session-over")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "object", "nobody takes the cursor away"
    page.keyboard.type(", devant le 12")
    page.fill("#again-password", house.accounts["karim"]["password"])
    page.keyboard.press("Enter")
    expect(page.locator("#session-over")).to_be_hidden()
    _kept(page)
    expect(page.locator("#object")).to_have_value("lampadaire éteint rue des Lilas, devant le 12")


def test_a_closed_tab_is_found_again_whole_under_the_same_number(visit: Visit, house: House) -> None:
    page = visit("karim")
    _object(page, "lampadaire éteint")
    page.locator("#categories input").first.check(force=True)
    page.fill("#hint", "devant la boulangerie")
    page.fill("#family_name", "O'Brien-Lefèvre d'Œuvre")
    number = page.locator(".ref.num").first.inner_text()
    _kept(page)
    assert "brouillon=" in page.url, "a reload comes back to this draft"
    chosen = page.locator("#categories input:checked").input_value()
    context = page.context
    page.close(run_before_unload=False)
    later = context.new_page()
    later.goto(DRAFTS)
    expect(later.locator("[data-drafts] .num")).to_have_text("1")
    later.get_by_role("link", name="Reprendre").click()
    expect(later.locator("#object")).to_have_value("lampadaire éteint")
    expect(later.locator("#hint")).to_have_value("devant la boulangerie")
    expect(later.locator("#family_name")).to_have_value("O'Brien-Lefèvre d'Œuvre")
    expect(later.locator("#categories input:checked")).to_have_value(chosen)
    assert later.locator(".ref.num").first.inner_text() == number


def test_a_text_typed_a_moment_before_leaving_is_kept_too(visit: Visit) -> None:
    page = visit("karim")
    page.locator("#object").press_sequentially("parti trop vite")
    page.goto(DRAFTS)
    _listed(page, "parti trop vite")


def test_three_tabs_keep_three_drafts_and_two_on_one_say_so(visit: Visit, house: House) -> None:
    first = visit("karim")
    tabs = [first, *(first.context.new_page() for _ in range(2))]
    for n, tab in enumerate(tabs):
        tab.goto(NEW)
        tab.locator("#object").press_sequentially(f"demande {n}")
        _kept(tab)
    twin = first.context.new_page()
    twin.goto(tabs[0].url)
    twin.locator("#object").press_sequentially(" ici")
    _kept(twin)
    expect(twin.locator("[data-drafts] .num")).to_have_text("3")
    tabs[0].locator("#object").press_sequentially(" là")
    ahead = tabs[0].locator("[data-draft-ahead]")
    expect(ahead).to_contain_text("Ouvert dans un autre onglet")
    no_fault(tabs[0])
    look(tabs[0], "two-tabs")
    ahead.get_by_role("button", name="Garder celle-ci").click()
    expect(ahead).to_be_hidden()
    first.goto(DRAFTS)
    _listed(first, "demande 0 là")
    expect(first.locator("main")).not_to_contain_text("ici")


def test_a_dropped_call_is_taken_up_again_by_a_call_back(visit: Visit) -> None:
    page = visit("karim")
    _object(page, "fuite d'eau")
    page.fill("#phone", "06 39 98 00 01")
    page.get_by_role("button", name="Appel interrompu").click()
    page.wait_for_url(f"**{DRAFTS}")
    no_fault(page)
    look(page, "dropped-call")
    page.get_by_role("button", name="Faire rappeler").click()
    expect(page.locator("main")).to_contain_text("rappel prévu")
    page.goto("/console/rappels")
    expect(page.locator("main")).to_contain_text("fuite d'eau")


def test_without_javascript_the_form_is_kept_by_a_button(visit: Visit, house: House) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/login")
    page.fill("#email", house.accounts["karim"]["email"])
    page.fill("#password", house.accounts["karim"]["password"])
    page.get_by_role("button", name="Se connecter").click()
    page.fill("#object", "banc cassé")
    page.get_by_role("button", name="Garder en brouillon").click()
    page.get_by_role("link", name="Reprendre").click()
    expect(page.locator("#object")).to_have_value("banc cassé")
    page.goto(DRAFTS)
    page.get_by_role("link", name="Jeter").click()
    page.get_by_role("button", name="Jeter le brouillon").click()
    expect(page.locator("main")).to_contain_text("Aucun brouillon")
