"""Three mails sorted by the keyboard alone: a demand, a message on it, a spam; the balance is zero."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.channels import Arrival
from crm.foundation import SYSTEM
from crm.inbox import Inbound, Outcome, store_inbound
from tests.channels.mails import mail
from tests.journeys.house import House

Visit = Callable[..., Page]


def _arrives(house: House, subject: str, body: str) -> None:
    content = mail(body, Subject=subject)
    with house.wired.units.begin(SYSTEM) as uow:
        store_inbound(uow, "email", Arrival(external_id=subject, content=content))
    house.work()


@pytest.fixture
def three_mails(house: House) -> None:
    with house.wired.sessions.begin() as session:  # what other journeys left to be sorted
        left = sa.update(Inbound).where(Inbound.outcome.in_((Outcome.WAITING, Outcome.CONFIRM)))
        session.execute(left.values(outcome=Outcome.DISCARDED, reason="spam"))
    _arrives(house, "Lampadaire éteint", f"Bonjour, le lampadaire est éteint {house.place('public')}.")
    _arrives(house, "Toujours noir", "Il fait noir depuis lundi, merci de réparer.")
    _arrives(house, "Gagnez une montre", "Cliquez ici.")


def _in_front(page: Page, subject: str) -> None:
    expect(page.locator(".reading h2")).to_have_text(subject)
    expect(page.locator(".arrivals a[aria-current]")).to_be_focused()


def test_three_mails_are_sorted_without_a_mouse(visit: Visit, house: House, three_mails: None) -> None:
    page = visit("karim")
    page.goto("/console/arrivees")
    expect(page.locator(".arrivals a").first).to_be_focused()
    # the first becomes a demand: C, then the form, already filled in
    page.keyboard.press("Enter")
    _in_front(page, "Lampadaire éteint")
    page.keyboard.press("c")
    page.wait_for_url("**/demandes/nouvelle?brouillon=*")
    expect(page.locator("#object")).to_have_value(re.compile("lampadaire est éteint"))
    expect(page.locator("#email")).to_have_value("ana@usagers.example")
    expect(page.locator("#place")).to_have_value(re.compile(r"\d+ "))
    page.locator("#object").press("Tab")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree?arrivee=*")
    reference = page.url.split("/")[-2]
    # the second joins it: R, the demand of the same usager, Enter
    page.goto("/console/arrivees")
    page.keyboard.press("Enter")
    _in_front(page, "Toujours noir")
    page.keyboard.press("r")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=re.compile(reference))).to_be_checked()
    page.keyboard.press("Enter")
    # the third comes by itself, and is a spam: I, Tab, Enter
    _in_front(page, "Gagnez une montre")
    page.keyboard.press("i")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Aucun message n’attend d’être trié")
    # then
    house.work()
    case = house.case(reference)
    assert case.channel == "email" and case.message_waiting_since is not None
    page.goto("/console/arrivees/bilan")
    expect(page.locator("main")).to_contain_text("Tout ce qui est arrivé est expliqué")
