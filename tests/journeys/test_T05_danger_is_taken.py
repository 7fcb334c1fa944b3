"""T05: an emergency rings at once on the screen of who leads the unit; a calendar is tried."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.cases import CaseState, raise_priority
from crm.foundation import SYSTEM
from tests import given
from tests.acting import version
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


def _lead(house: House) -> tuple[str, int]:
    """Somebody who leads a unit, and which."""
    name = next(name for name, told in house.accounts.items() if told["role"] == "team_lead")
    unit = house.accounts[name]["unit"]
    cards = house.wired.rulebooks.units().values()
    return name, next(card.id for card in cards if unit in {card.code, card.name})


def _emergency(house: House, unit_id: int) -> str:
    book = house.wired.rulebooks.current()
    with house.wired.units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, book, CaseState.ASSIGNED, place=given.place("99001"))
        act = {"unit_id": unit_id, "motive": "C’est à ce service."}
        given.act(uow, book, reference, "route", **act)
        raise_priority(uow, book, reference, priority=1, seen_version=version(uow, reference))
    return reference


def test_it_rings_where_the_lead_works_and_is_taken_in_two_clicks(house: House, visit: Visit) -> None:
    name, unit_id = _lead(house)
    page = visit(name)
    page.goto("/console/files/a-traiter")
    expect(page.locator("[data-bell][data-listening], [data-listening]").first).to_be_attached()
    rung = int(page.locator("[data-bell]").get_attribute("data-bell") or 0)  # others' emergencies
    reference = _emergency(house, unit_id)
    house.work()
    expect(page.locator("[data-bell]")).to_have_attribute("data-bell", str(rung + 1))
    expect(page.locator("#spoken")).to_contain_text("non lue")
    page.locator("[data-bell]").click()
    expect(page.locator("main")).to_contain_text("Mise en sécurité : à prendre en charge")
    no_fault(page)
    look(page, "notices-1366")
    page.set_viewport_size({"width": 320, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page, "notices-320")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name=f"Pris en charge {reference}").click()
    expect(page.locator("main")).to_contain_text("Prise en charge notée")
    page.goto(f"/console/demandes/{reference}/promesses")
    no_fault(page)
    look(page, "promises-1366")
    page.goto("/console/astreintes")
    no_fault(page)
    look(page, "on-call-1366")
    page.goto("/console/notifications/preferences")
    no_fault(page)
    look(page, "notice-choices-1366")


def test_a_calendar_is_tried_on_the_days_to_come(house: House, visit: Visit) -> None:
    name = next(name for name, told in house.accounts.items() if told["role"] == "config_admin")
    page = visit(name)
    page.goto("/console/administration/calendriers/centre")
    no_fault(page)
    page.fill("[name=service-wednesday]", "8 h - 12 h")
    page.locator("[name=closure_on]").last.fill("2026-12-24")
    page.locator("[name=closure_label]").last.fill("Veille de Noël")
    look(page, "calendar-1366", whole=True)
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("main")).to_contain_text("rien n’est encore publié")
    expect(page.locator("main")).to_contain_text("Veille de Noël")
    page.set_viewport_size({"width": 320, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_fault(page)
    look(page, "calendar-320", whole=True)
