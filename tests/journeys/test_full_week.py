"""An administrator says how many hours a service works; its lead sees, planning, that the week is full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.cases.orders import NewOrder, ask_order
from crm.foundation import PARIS, SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]


@pytest.fixture
def lamp(house: House) -> str:
    with house.wired.units.begin(SYSTEM) as uow:
        spot = given.place(
            "99001", sector_code="99001-EST", label=f"Rue {uuid4().hex[:6]}", lon=3.9, lat=43.6
        )
        told = {"category_code": "ECLA-01", "place": spot}
        return given.open_case(uow, house.wired.rulebooks.current(), CaseState.ASSIGNED, **told)


@pytest.fixture
def order(house: House, lamp: str) -> str:
    """The address of an order that the same service owes to another's demand."""
    unit_id = house.case(lamp).unit_id
    assert unit_id is not None
    with house.wired.units.begin(SYSTEM) as uow:
        book = house.wired.rulebooks.current()
        pothole = given.open_case(
            uow, book, CaseState.ASSIGNED, category_code="VOIR-01", place=given.place("99001")
        )
        wanted = NewOrder(key=uuid4().hex, unit_id=unit_id, work="Couper le courant.")
        return f"/console/interventions/{pothole}/{ask_order(uow, book, pothole, wanted)}"


def _all_right(page: Page, screen: str, name: str) -> None:
    faults = []
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        faults += faults_of(page, screen)
        look(page, f"week-{name}-{width}", whole=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert faults == []


def test_a_lead_plans_too_much_and_reads_it_at_once(
    visit: Visit, house: House, lamp: str, order: str
) -> None:
    # given: one hour of work a week, said on the service's sheet without a mouse
    admin, sheet = visit("yann"), f"/console/administration/services/{house.case(lamp).unit_id}"
    admin.goto(sheet)
    admin.get_by_label("Temps de travail de toute l’équipe").fill("1")
    admin.keyboard.press("Enter")
    expect(admin.locator("body")).to_contain_text("Service enregistré.")
    _all_right(admin, sheet, "sheet")
    # when: two hours are planned
    lead = visit("samira")
    lead.goto(f"/console/demandes/{lamp}")
    lead.locator("summary", has_text="Planifier").focus()
    lead.keyboard.press("Enter")
    day = house.clock.now().astimezone(PARIS).date() + timedelta(days=1)
    lead.fill("#plan-day", day.isoformat())
    lead.locator("#plan-minutes").focus()
    lead.keyboard.type("120")
    look(lead, "week-plan-1366")
    lead.keyboard.press("Enter")
    expect(lead.locator("body")).to_contain_text("Date d’intervention enregistrée.")
    # then: every page where one plans says it, in a word
    for name, screen in {
        "board": "/console/tableau",
        "rounds": "/console/tournees",
        "places": "/console/files/par/secteur",
        "making": f"/console/tournees/nouvelle?case={lamp}",
    }.items():
        lead.goto(screen)
        weeks = lead.locator("section", has=lead.get_by_role("heading", name="Charge du service"))
        expect(weeks).to_contain_text("dépassé")
        expect(weeks).to_contain_text("Les jours qui pèsent")
        _all_right(lead, screen, name)
    lead.goto(order)
    lead.locator("summary", has_text="Planifier").press("Enter")
    expect(lead.locator("#acts")).to_contain_text("dépassé")
    look(lead, "week-order-1366", whole=True)


def test_a_supervisor_compares_the_sites(visit: Visit, house: House) -> None:
    supervisor = visit("helene")
    supervisor.goto("/console/tableau")
    supervisor.get_by_role("link", name="Où en est chaque site").press("Enter")
    expect(supervisor.locator("h1")).to_have_text("Où en est chaque site")
    with supervisor.expect_download() as taken:
        supervisor.get_by_role("link", name="Télécharger en CSV").press("Enter")
    assert taken.value.suggested_filename.startswith("sites-")
    _all_right(supervisor, "/console/tableau/sites", "sites")
