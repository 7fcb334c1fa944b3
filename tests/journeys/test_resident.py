"""T14 and the rest of T08: a resident at 320 px, at 200 %, by keyboard alone, with and without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.going import follow
from tests.journeys.house import House
from tests.journeys.looking import violations

Visit = Callable[..., Page]
SMALL = {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 360}  # 1280 × 720 at 200 %


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


def _reach(page: Page, wanted: Locator) -> None:
    """With Tab alone; a trap, or a control out of the order, fails here."""
    for _ in range(90):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def _press(page: Page, name: str, role: str = "button") -> None:
    _reach(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
    _enter(page)


def _enter(page: Page) -> None:
    """To the page that follows, not to what is left of this one."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _type(page: Page, box: str, text: str) -> None:
    _reach(page, page.locator(box))
    page.keyboard.type(text)


def _sound(page: Page) -> None:
    """Accessible, whole at 320 px and at 200 %, one heading of the first level."""
    for window in (ZOOMED, SMALL):
        page.set_viewport_size(window)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert violations(page) == [], page.url
    assert page.locator("h1").count() == 1


def test_a_fallen_branch_by_keyboard_at_320_px(visit: Visit, house: House, mailbox: str) -> None:
    page = visit()
    page.goto("/")
    _sound(page)
    _press(page, "Signaler un problème", "link")
    # an error says what to do, and has the focus
    _press(page, "Continuer")
    expect(page.locator(".error-summary")).to_be_focused()
    _sound(page)
    _type(page, "#object", "une branche est tombée sur le trottoir")
    _press(page, "Continuer")
    _sound(page)
    _reach(page, page.locator("input[name=category]").first)
    page.keyboard.press("Space")
    _enter(page)
    _shown_on_the_map(page)
    page.locator("#place").focus()
    page.keyboard.type(house.place("public"))
    _enter(page)
    _press(page, "Continuer")  # no photo
    _sound(page)
    _reach(page, page.locator("input[name=way][value=email]"))
    page.keyboard.press("Space")
    _type(page, "#email", mailbox)
    _press(page, "Continuer")
    _sound(page)
    _press(page, "Envoyer")
    expect(page.locator("h1")).to_have_text("Votre demande est enregistrée")
    _sound(page)
    _press(page, "Voir ma demande", "link")
    _sound(page)


def _shown_on_the_map(page: Page) -> None:
    """The map is there for who opens it; the address is enough."""
    expect(page.locator("h1")).to_have_text("Où est-ce ?")
    _sound(page)
    _reach(page, page.locator("summary", has_text="Montrer l’endroit"))
    page.keyboard.press("Enter")
    page.locator(".leaflet-container").wait_for()
    _reach(page, page.locator("[data-map]"))
    page.keyboard.press("Enter")
    expect(page.locator(".map-pin")).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert page.locator("#lon").input_value() != ""
    _sound(page)


def _reported(page: Page, house: House, mailbox: str) -> str:
    """Without script, from the lists; returns the tracking address."""
    page.goto("/signaler")
    page.fill("#object", "un lampadaire est éteint")
    page.get_by_role("button", name="Continuer").click()
    page.locator("input[value=ECLA-01]").first.check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Choisir la rue dans une liste").click()
    page.select_option("#insee", "99001")
    page.get_by_role("button", name="Voir les rues").click()
    letters = page.locator("#initial button")
    expect(letters.or_(page.locator("#street")).first).to_be_visible()
    if letters.count():
        letters.first.click()
    page.select_option("#street", index=1)
    page.get_by_role("button", name="Choisir cette rue").click()
    follow(page, page.get_by_role("button", name="Continuer"))
    for _ in range(3):
        if page.locator("#email").count():
            break
        chosen = page.locator("input[type=radio][name=spot]")
        if chosen.count():
            chosen.first.check()
        follow(page, page.get_by_role("button", name="Continuer"))
    page.locator("input[name=way][value=email]").check()
    page.fill("#email", mailbox)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name=re.compile("^Envoyer")).click()
    follow(page, page.get_by_role("link", name="Voir ma demande"))
    return page.url


def test_written_answered_reminded_and_answered_elsewhere_without_script(
    visit: Visit, house: House, mailbox: str
) -> None:
    resident, centre = visit(java_script_enabled=False), visit("karim")
    address = _reported(resident, house, mailbox)
    reference = house.case_at(address).reference
    _answered(resident, centre, house)
    notice = house.mail(mailbox, "nous vous avons répondu")
    assert "jeudi matin" not in notice and address in notice
    resident.goto(address)
    expect(resident.locator(".thread .ours")).to_contain_text("jeudi matin")
    expect(resident.locator(".thread .ours")).to_contain_text("Karim")
    # five working days later, they ask where it stands
    house.clock.at = house.clock.at.replace(year=2027, month=1, day=4)
    resident.goto(address)
    resident.get_by_role("button", name="Relancer le service").click()
    expect(resident.get_by_role("status")).to_contain_text("vous attendez")
    centre.goto(f"/console/demandes/{reference}")
    expect(centre.locator("main")).to_contain_text("Relancée une fois")
    other = _answered_elsewhere(resident, house)
    assert house.mail(mailbox, "quelqu’un a changé")
    assert house.case(reference).answer_to == other


def _answered(resident: Page, centre: Page, house: House) -> None:
    """The resident writes; the centre sees it and answers without closing."""
    resident.fill("#message", "Faut-il que je sois là ?")
    resident.get_by_role("button", name="Envoyer au centre").click()
    expect(resident.get_by_role("status")).to_contain_text("Votre message est envoyé")
    centre.goto("/console/messages")
    centre.get_by_role("link", name=re.compile("Faut-il que je sois là")).click()
    expect(centre.locator("#message")).to_contain_text("L’usager attend une réponse")
    centre.fill("#talk", "Non : l’équipe passe jeudi matin.")
    centre.get_by_role("button", name="Envoyer sans clore").click()
    expect(centre.get_by_role("status").first).to_contain_text("Réponse envoyée")
    house.work()


def _answered_elsewhere(resident: Page, house: House) -> str:
    """At another mailbox, once its link was followed; returns it."""
    other = f"{uuid4().hex}@usagers.example"
    resident.get_by_role("link", name="Changer la façon de me répondre").click()
    resident.fill("#email", other)
    resident.get_by_role("button", name="Enregistrer").click()
    house.work()
    found = re.search(r"http\S+/suivi/confirmer/\S+", house.mail(other, "Confirmez"))
    assert found
    resident.goto(found.group())
    resident.get_by_role("button", name="Oui, c’est moi").click()
    expect(resident.locator("h1")).to_have_text("C’est confirmé")
    house.work()
    return other


def test_the_printed_page_holds_everything(visit: Visit, house: House, mailbox: str) -> None:
    page = visit()
    address = _reported(visit(java_script_enabled=False), house, mailbox)
    page.goto(address)
    expect(page.get_by_role("button", name="Imprimer cette page")).to_be_visible()
    page.emulate_media(media="print")
    for told in ("un lampadaire est éteint", "Ce qui s’est passé", "Imprimé le", "01 99 00 00 00"):
        expect(page.get_by_text(told, exact=False).first).to_be_visible()
    for hidden in ("#message", ".top nav", "[data-print]"):
        expect(page.locator(hidden).first).to_be_hidden()
