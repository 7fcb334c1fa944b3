"""A supervisor at the board, and two people on one case, in real browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState, Place
from crm.foundation import SYSTEM
from crm.foundation.settings import Messages
from tests import given
from tests.acting import act
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]
WIDTHS = (1366, 320)


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


@pytest.fixture
def resolved(house: House, mailbox: str) -> str:
    """A case whose unit has done its part, of somebody who wants an e-mail."""
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email=mailbox, family_name=f"Diallo {uuid4().hex[:6]}")
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001")}
        reference = given.open_case(uow, wired.rulebooks.current(), CaseState.RESOLVED, **told)
    house.work()
    house.clock.at += timedelta(minutes=5)
    return reference


@pytest.fixture
def fifteen_seconds(house: House) -> Iterator[None]:
    """As delivered; other journeys do not wait."""
    before = house.wired.settings
    delivered = before.model_copy(update={"messages": Messages(undo_seconds=15)})
    object.__setattr__(house.wired, "settings", delivered)
    yield
    object.__setattr__(house.wired, "settings", before)


_TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? []
: [...document.querySelectorAll('body *')]
.filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
.map(e => e.outerHTML.slice(0, 120))"""


_ASKED_AT = "Number(sessionStorage.getItem('presence-last'))"


def _fits(page: Page, name: str) -> None:
    """At both widths: no fault, nothing wider than the window."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        no_fault(page)
        assert page.evaluate(_TOO_WIDE) == [], (name, width)
        look(page, f"{name}-{width}", whole=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_red_figure_opens_its_list_and_the_board_renews_itself_under_the_focus(
    visit: Visit, house: House, resolved: str
) -> None:
    house.clock.at += timedelta(days=30)
    page = visit("helene")
    page.goto("/console/tableau")
    _fits(page, "board")
    link = page.locator("#file-reponses")
    before = int(link.inner_text())
    place = given.place("99001")
    # given: the focus is on a figure; when: another case is resolved and the half minute has passed
    link.focus()
    with house.wired.units.begin(SYSTEM) as uow:
        given.open_case(uow, house.wired.rulebooks.current(), CaseState.RESOLVED, place=place)
    page.evaluate("document.querySelector('[data-board]').dispatchEvent(new CustomEvent('board:tick'))")
    # then: the figure has changed and the focus has not moved
    expect(page.locator("#file-reponses")).to_have_text(str(before + 1))
    assert page.evaluate("document.activeElement.id") == "file-reponses"
    page.keyboard.press("Enter")
    page.wait_for_url("**/tableau/demandes?file=reponses")
    expect(page.locator("main")).to_contain_text(resolved)
    _fits(page, "board-list")
    pause = "/console/tableau"
    page.goto(pause)
    page.get_by_role("button", name="Suspendre la mise à jour").click()
    expect(page.locator("[data-board-pause]")).to_have_attribute("aria-pressed", "true")


def test_two_people_see_one_another_on_a_case(visit: Visit, resolved: str) -> None:
    karim, helene = visit("karim"), visit("helene")
    karim.goto(f"/console/demandes/{resolved}/reponse")
    karim.locator("#body").press_sequentially("Bonjour,")
    helene.goto(f"/console/demandes/{resolved}")
    expect(helene.locator("[data-presence]")).to_contain_text("Karim Belkacem")
    expect(helene.locator("[data-presence]")).to_contain_text("écrit une réponse", timeout=25_000)
    _fits(helene, "presence")
    expect(karim.locator("[data-presence]")).to_contain_text("Hélène", timeout=25_000)
    # a page that has just asked is loaded again: it asks when its ten seconds are over, not before
    with helene.expect_response("**/presence", timeout=25_000):
        pass
    before = helene.evaluate(_ASKED_AT)
    with helene.expect_response("**/presence", timeout=25_000):
        helene.reload()
    assert helene.evaluate(_ASKED_AT) - before >= 10_000


def test_a_draft_is_kept_by_itself_and_taken_over(visit: Visit, house: House, resolved: str) -> None:
    karim, helene = visit("karim"), visit("helene")
    karim.goto(f"/console/demandes/{resolved}/reponse")
    karim.locator("#body").fill("Bonjour, votre trou est rebouché depuis ce matin.")
    expect(karim.locator("[data-draft-said]")).to_contain_text("Brouillon enregistré")
    karim.context.close()  # the machine stops
    house.clock.at += timedelta(minutes=4)
    helene.goto(f"/console/demandes/{resolved}/reponse")
    expect(helene.locator("main")).to_contain_text("Brouillon de Karim Belkacem, il y a 4 min")
    _fits(helene, "draft")
    helene.get_by_role("button", name="Reprendre").click()
    expect(helene.locator("#body")).to_have_value("Bonjour, votre trou est rebouché depuis ce matin.")


def test_a_draft_needs_no_script(visit: Visit, resolved: str) -> None:
    karim = visit("karim", java_script_enabled=False)
    karim.goto(f"/console/demandes/{resolved}/reponse")
    karim.locator("#body").fill("Écrit sans script.")
    karim.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(karim.locator("main")).to_contain_text("Brouillon enregistré")
    expect(karim.locator("#body")).to_have_value("Écrit sans script.")


@pytest.mark.usefixtures("fifteen_seconds")
def test_an_answer_is_taken_back_then_sent_once(
    visit: Visit, house: House, resolved: str, mailbox: str
) -> None:
    page = visit("karim")
    page.goto(f"/console/demandes/{resolved}/reponse")
    page.locator("#body").fill("Voici ma réponse.")
    page.get_by_role("button", name="Envoyer et clore").click()
    strip = page.locator("[data-undo]")
    expect(strip).to_contain_text("Message envoyé dans")
    _fits(page, "undo")
    strip.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.locator("main")).to_contain_text("rien n’est parti")
    expect(page.locator("#body")).to_have_value("Voici ma réponse.")
    house.clock.at += timedelta(minutes=1)
    house.work()
    assert not [mail for mail in house.mails(mailbox) if "Voici ma réponse." in mail]
    page.get_by_role("button", name="Envoyer et clore").click()
    expect(page.locator("[data-undo]")).to_contain_text("Message envoyé dans")
    house.clock.at += timedelta(seconds=16)
    house.work()
    house.work()
    house.mail(mailbox, "Voici ma réponse.")
    page.goto("/console/files/reponses")
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_several_cases_are_entrusted_with_the_keyboard(visit: Visit, house: House) -> None:
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        told = {"category_code": None, "place": given.place("99001")}
        references = [given.open_case(uow, wired.rulebooks.current(), **told) for _ in range(2)]
    page = visit("helene")
    page.goto("/console/a-qualifier")
    _fits(page, "dispatch")
    for reference in references:
        page.get_by_role("checkbox", name=reference).press("Space")
    page.locator("#unit_id").select_option(index=3)
    page.locator("#motive").fill("Domaine public.")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("2 demandes confiées")
    assert {house.case(reference).state for reference in references} == {"assigned"}
    _fits(page, "dispatched")


def test_the_second_sees_both_versions_and_loses_no_word(visit: Visit, house: House) -> None:
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, wired.rulebooks.current(), CaseState.IN_PROGRESS, place=_here())
    helene = visit("helene")
    helene.goto(f"/console/demandes/{reference}")
    partner = helene.locator("details.act", has=helene.locator("summary", has_text="Attendre un partenaire"))
    partner.locator("summary").click()
    partner.locator("[name=motive]").fill("Le concessionnaire du gaz passe jeudi.")
    with wired.units.begin(SYSTEM) as uow:
        act(uow, wired.rulebooks.current(), reference, "bounce")
    partner.get_by_role("button").click()
    panel = helene.locator(".clash")
    expect(panel).to_contain_text("n’est plus possible")
    expect(panel).to_contain_text("Pour une bonne raison.")
    expect(panel.locator("textarea")).to_have_value("Le concessionnaire du gaz passe jeudi.")
    _fits(helene, "clash")
    panel.get_by_role("button", name="Garder comme note interne").click()
    expect(helene.locator(".timeline").last).to_contain_text("Le concessionnaire du gaz passe jeudi.")


def _here() -> Place:
    return given.place("99001")
