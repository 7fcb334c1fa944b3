"""The team lead adds to a round with the keyboard, from the list and from its page; takes a stop out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.cases.orders import NewOrder, ask_order
from crm.cases.rounds import NewRound, make_round
from crm.foundation import PARIS, SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
ORDERS = "/console/interventions"


def _lamp(house: House, place: str, lon: float) -> str:
    with house.wired.units.begin(SYSTEM) as uow:
        spot = given.place("99001", sector_code="99001-EST", label=place, lon=lon, lat=43.6)
        told = {"category_code": "ECLA-01", "place": spot}
        return given.open_case(uow, house.wired.rulebooks.current(), CaseState.ASSIGNED, **told)


@pytest.fixture
def streets() -> tuple[str, str, str]:
    """Where the round goes, where an order is, where a demand is."""
    first, second, third = (f"Rue {uuid4().hex[:6]}" for _ in range(3))
    return first, second, third


@pytest.fixture
def going(house: House, streets: tuple[str, str, str]) -> str:
    """A round of one stop, today; an order and a demand of the same sector are on none."""
    there = _lamp(house, streets[0], 3.9)
    unit_id = house.case(there).unit_id
    assert unit_id is not None
    with house.wired.units.begin(SYSTEM) as uow:
        book, day = house.wired.rulebooks.current(), uow.now.astimezone(PARIS).date()
        spot = given.place("99001", sector_code="99001-EST", label=streets[1], lon=3.91, lat=43.6)
        pothole = given.open_case(uow, book, CaseState.ASSIGNED, category_code="VOIR-01", place=spot)
        work = f"Couper le courant {streets[1]}."
        ask_order(uow, book, pothole, NewOrder(key=uuid4().hex, unit_id=unit_id, work=work))
        new = NewRound(unit_id=unit_id, day=day, stops=[(there, None)], name=f"Tournée {streets[0]}")
        address = f"/console/tournees/{make_round(uow, new).id}"
    _lamp(house, streets[2], 3.92)
    return address


def _all_right(page: Page, name: str, house: House) -> None:
    faults, screen = [], page.url.removeprefix(house.address)
    for width, word in {1366: "wide", 320: "narrow"}.items():
        page.set_viewport_size({"width": width, "height": 768})
        faults += faults_of(page, screen)
        look(page, f"round-{name}-{word}", whole=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert faults == []


def _press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name).focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_a_round_grows_from_the_list_and_from_its_page_then_loses_a_stop(
    visit: Visit, house: House, going: str, streets: tuple[str, str, str]
) -> None:
    lead = visit("samira")
    lead.goto(ORDERS)
    row = lead.locator("tr", has_text=streets[1])
    row.locator("input[name=order]").focus()
    lead.keyboard.press("Space")
    look(lead, "round-list-wide")
    _press(lead, "button", "Ajouter à une tournée")
    expect(lead.locator("h1")).to_contain_text("Ajouter à une tournée")
    _all_right(lead, "choose", house)
    here = lead.locator("#round option", has_text=streets[0]).get_attribute("value")
    lead.select_option("#round", here)
    _press(lead, "button", "Ajouter à la tournée")
    expect(lead.locator(".round-stops strong").last).to_contain_text(f"2. {streets[1]}")
    _press(lead, "link", "Ajouter des arrêts")
    near = lead.locator("#stops li", has_text=streets[2])
    expect(lead.locator("#stops")).not_to_contain_text(streets[1])
    _all_right(lead, "near", house)
    near.locator("input").focus()
    lead.keyboard.press("Space")
    _press(lead, "button", "Ajouter à la tournée")
    expect(lead.locator(".round-stops strong").last).to_contain_text(f"3. {streets[2]}")
    _all_right(lead, "grown", house)
    _press(lead, "button", "Retirer l’arrêt 2")
    expect(lead.locator(".round-stops strong")).to_have_count(2)
    lead.goto(ORDERS)
    row.get_by_role("link").first.click()
    expect(lead.locator("main")).to_contain_text(f"Couper le courant {streets[1]}.")
    phone = visit("diego", java_script_enabled=False)
    phone.goto(going.replace("/tournees", "/terrain/tournees"))
    expect(phone.locator(".round-stops li")).to_have_count(2)
    expect(phone.locator(".round-stops")).not_to_contain_text(streets[1])
