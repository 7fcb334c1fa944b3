"""T06: twelve people report one leak by telephone, at the desk and on the site; one work, twelve answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.going import follow
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault, settled

Visit = Callable[..., Page]


@pytest.fixture
def place(house: House) -> str:
    return house.place("public")


def _typed(page: Page, place: str, said: str) -> None:
    page.goto("/console/demandes/nouvelle")
    page.fill("#object", said)
    page.locator("details.other-categories summary").click()
    page.select_option("#any_category", "EAU-01")
    page.locator("#place").press_sequentially(place)
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def _first(page: Page, place: str, mailbox: str) -> str:
    _typed(page, place, "fuite d’eau sur la chaussée")
    page.fill("#family_name", "Diallo")
    page.fill("#email", mailbox)
    page.select_option("#answer_channel", "email")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


def _joins(page: Page, place: str, reference: str, mailbox: str) -> None:
    """The parent is proposed; R joins it, the name is asked, Ctrl+Enter ends it."""
    _typed(page, place, "de l’eau coule dans la rue")
    proposed = page.locator("#nearby [data-attach]").first
    expect(proposed).to_have_attribute("value", reference)
    settled(page)
    look(page, "t06-proposed")
    page.locator("#hint").focus()
    settled(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#nearby').contains(document.activeElement)")
    page.keyboard.press("r")
    expect(page.locator("main")).to_contain_text("Vous rattachez cette personne")
    look(page, "t06-who")
    page.fill("#family_name", f"Lopez{uuid4().hex[:5]}")
    page.fill("#email", mailbox)
    page.select_option("#answer_channel", "email")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/suivie?*")
    expect(page.locator("#done")).to_contain_text("Aucune nouvelle demande n’est créée")
    look(page, "t06-joined")


def _joins_on_the_site(page: Page, place: str, mailbox: str) -> None:
    page.goto("/signaler")
    page.fill("[name=object]", "fuite d’eau, ça coule fort")
    page.get_by_role("button", name="Continuer").click()
    page.locator("input[name=category][value=EAU-01]").first.check(force=True)
    follow(page, page.get_by_role("button", name="Continuer"))
    page.fill("[name=place]", place)
    for question in page.locator("[name^=q_]").all():
        if question.get_attribute("type") == "radio" and question.get_attribute("value") == "no":
            question.check(force=True)
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_contain_text("Est-ce déjà signalé")
    no_fault(page)
    look(page, "t06-known", whole=True)
    page.get_by_role("button", name=re.compile("suivre")).first.click()
    page.locator("input[name=way][value=email]").check(force=True)
    page.fill("#email", mailbox)
    page.get_by_role("button", name="Suivre", exact=True).click()
    expect(page.locator("main")).to_contain_text("vous suivez cette demande")
    no_fault(page)
    look(page, "t06-follower", whole=True)


def test_twelve_people_one_leak(visit: Visit, house: House, place: str) -> None:
    author, people = f"{uuid4().hex}@usagers.example", [f"{uuid4().hex}@usagers.example" for _ in range(11)]
    # given: one call, then calls, a desk, the site
    centre = visit("karim")
    reference = _first(centre, place, author)
    for mailbox in people[:4]:
        _joins(centre, place, reference, mailbox)
    no_fault(centre)
    _joins_on_the_site(visit(java_script_enabled=True), place, people[4])
    for mailbox in people[5:]:
        _joins(centre, place, reference, mailbox)
    house.work()
    assert house.case(reference).follower_count == 11
    _declares_the_incident(visit(_supervisor(house)), reference)
    _typed(centre, place, "fuite")
    expect(centre.locator("#nearby")).to_contain_text("réparée avant ce soir")
    settled(centre)
    look(centre, "t06-incident")
    # when: one answer closes the case
    _answers(centre, reference)
    house.work()
    # then: twelve people are answered, each once, on their own channel
    assert house.mail(author, "la fuite est réparée")
    links = {_link_in(house, mailbox, reference) for mailbox in people}
    assert len(links) == 11
    _says_it_is_not_so(visit(java_script_enabled=False), min(links))
    assert house.case(reference).reopen_count == 1


def _declares_the_incident(boss: Page, reference: str) -> None:
    """A supervisor is proposed an incident, and says what agents answer."""
    boss.goto("/console/files/incidents")
    expect(boss.locator("main")).to_contain_text(reference)
    boss.goto(f"/console/demandes/{reference}/personnes")
    expect(boss.locator("#incident")).to_contain_text("Possible")
    boss.fill("#announcement", "Fuite connue rue des Lilas, réparée avant ce soir.")
    boss.get_by_role("button", name="Déclarer l’incident").click()
    no_fault(boss)
    look(boss, "t06-people")


def _answers(centre: Page, reference: str) -> None:
    centre.goto(f"/console/demandes/{reference}/reponse")
    centre.select_option("#outcome", "F")
    centre.fill("#body", "Chère Madame, la fuite est réparée.")
    centre.fill("#to_followers", "La conduite est changée.")
    look(centre, "t06-answer")
    centre.get_by_role("button", name="Envoyer et clore").click()
    expect(centre.locator("[role=status]", has_text=reference).first).to_be_visible()


def _link_in(house: House, mailbox: str, reference: str) -> str:
    """Their own, in the news they were sent."""
    news = house.mail(mailbox, "La conduite est changée.")
    assert "Madame" not in news and reference in news
    found = re.search(rf"{re.escape(house.address)}/suivi/\S+", news)
    assert found
    return found.group().rstrip(".,)")


def _says_it_is_not_so(neighbour: Page, link: str) -> None:
    neighbour.goto(link)
    expect(neighbour.locator("main")).not_to_contain_text("Chère Madame")
    neighbour.get_by_role("button", name="Ce n’est pas fait").click()
    expect(neighbour.locator("main")).to_contain_text("La demande est rouverte")


def _supervisor(house: House) -> str:
    return next(name for name, account in house.accounts.items() if account["role"] == "supervisor")
