"""Choosing SMS for who said STOP: the screen answers beside the choice, while the call goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.contacts import refuse_sms
from crm.foundation import SYSTEM
from tests.journeys.calls import known_usager, surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


def test_the_counter_reads_it_for_a_number_typed(visit: Visit, house: House) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        refuse_sms(uow, "+33639984173", "sms")
    desk = visit("nadege")
    desk.goto("/console/guichet/nouvelle")
    said = desk.locator("#no-sms")
    desk.locator("#answer_channel").select_option("sms")
    desk.locator("#phone").fill("06 39 98 41 73")
    desk.locator("#phone").press("Tab")
    expect(said).to_contain_text("sinon le téléphone")
    said.scroll_into_view_if_needed()
    look(desk, "sms-refused-counter")
    desk.locator("#phone").fill("06 39 98 41 74")
    desk.locator("#phone").press("Tab")
    expect(said).to_be_empty()


@pytest.mark.parametrize(("width", "phone"), [(1366, "06 39 98 41 71"), (320, "06 39 98 41 72")])
def test_the_advisor_reads_at_once_what_happens_instead(
    visit: Visit, house: House, width: int, phone: str
) -> None:
    family = surname("Stop")
    who = known_usager(house, family_name=family, phone=phone, email=f"{family}@exemple.fr")
    with house.wired.units.begin(SYSTEM) as uow:
        refuse_sms(uow, f"+33{phone[1:].replace(' ', '')}", "sms")
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"/console/demandes/nouvelle?usager={who}")
    said, choice = page.locator("#no-sms"), page.locator("#answer_channel")
    expect(said).to_be_empty()
    choice.focus()
    page.keyboard.type("SMS")  # as a list is chosen from the keyboard
    page.keyboard.press("Tab")
    expect(said).to_contain_text("La réponse partira par courriel.")
    no_fault(page)
    said.scroll_into_view_if_needed()
    look(page, f"sms-refused-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    choice.select_option("email")
    expect(said).to_be_empty()
