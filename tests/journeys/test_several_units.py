"""A demand that needs two services: the other does its part from a telephone, one answer is left to give."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState, declare_incident
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.going import follow
from tests.journeys.house import House
from tests.journeys.looking import look
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
SEEN = {1366: "wide", 320: "narrow"}


def _case(house: House, code: str, **place: object) -> str:
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        spot = {"sector_code": "99001-EST", "label": "12 rue des Lilas, Rivebois", "lon": 3.9, "lat": 43.6}
        told = {"category_code": code, "place": given.place("99001", **{**spot, **place})}
        return given.open_case(uow, wired.rulebooks.current(), CaseState.ASSIGNED, **told)


@pytest.fixture
def lighting(house: House) -> int:
    """The unit that samira leads and diego works in."""
    unit_id = house.case(_case(house, "ECLA-01")).unit_id
    assert unit_id is not None
    return unit_id


def _all_right(page: Page, name: str, *screens: str) -> None:
    faults = []
    for width, word in SEEN.items():
        page.set_viewport_size({"width": width, "height": 768})
        for rank, screen in enumerate(screens):
            faults += faults_of(page, screen)
            look(page, f"s4-{name}-{rank}-{word}", whole=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    assert faults == []


def test_one_asks_another_does_it_and_one_answer_is_left(visit: Visit, house: House, lighting: int) -> None:
    reference = _case(house, "VOIR-01")
    centre = visit("karim")
    centre.goto(f"/console/demandes/{reference}")
    centre.get_by_role("link", name="Demander une intervention").click()
    centre.select_option("#unit_id", str(lighting))
    centre.fill("#work", "Couper le courant du mât 12-045 avant mardi.")
    centre.get_by_role("button", name="Demander l’intervention").click()
    expect(centre.locator("main")).to_contain_text("À prendre")
    # the other service takes it and says when, by its list
    lead, order = visit("samira"), f"/console/interventions/{reference}/1"
    lead.goto("/console/interventions")
    lead.get_by_role("link", name="Couper le courant du mât 12-045").click()
    lead.get_by_role("button", name="Accepter").click()
    lead.get_by_text("Planifier", exact=True).first.click()
    lead.fill("#planned_on", "2026-12-23")
    lead.fill("#crew", "Nacelle 2")
    lead.locator("#acts").get_by_role("button", name="Planifier").click()
    expect(lead.locator(".facts", has_text="Nacelle 2")).to_be_visible()
    _all_right(lead, "order", order, "/console/interventions")
    # on the ground, without script
    phone = visit("diego", java_script_enabled=False)
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto("/console/terrain")
    follow(phone, phone.get_by_role("link", name="Couper le courant du mât 12-045"))
    phone.fill("#note", "Courant coupé à 10 h.")
    if phone.locator("#no_photo").count():
        phone.get_by_text("Pas de photo possible ?").click()
        phone.fill("#no_photo", "Rien à voir sur une photo.")
    follow(phone, phone.get_by_role("button", name="Fait", exact=True))
    phone.goto(order)
    expect(phone.locator("main")).to_contain_text("Courant coupé à 10 h.")
    # then the lead of the demand is told that it is time to answer
    centre.goto(f"/console/demandes/{reference}")
    expect(centre.locator("#orders")).to_contain_text("C’est le moment de rendre compte")
    _all_right(centre, "case", f"/console/demandes/{reference}/interventions")
    centre.goto("/console/files/interventions-faites")
    expect(centre.locator("main")).to_contain_text(reference)


def test_a_round_is_made_with_the_keyboard_moved_and_read_on_a_telephone(
    visit: Visit, house: House, lighting: int
) -> None:
    spots = {"A": 3.93, "B": 3.9, "C": 3.91}
    made = {name: _case(house, "ECLA-01", label=f"Arrêt {name}", lon=lon) for name, lon in spots.items()}
    lead = visit("samira")
    lead.goto("/console/files/a-traiter")
    for reference in made.values():
        lead.locator(f"input[name=case][value='{reference}']").check()
    lead.get_by_role("button", name="Faire une tournée").click()
    expect(lead.locator("h1")).to_contain_text("Nouvelle tournée")
    _all_right(lead, "new", lead.url.removeprefix(house.address))
    lead.fill("#day", "2026-12-23")
    lead.select_option("#agent_id", index=1)
    lead.get_by_role("button", name="Faire la tournée").focus()
    lead.keyboard.press("Enter")
    first = lead.locator(".round-stops strong")
    expect(first).to_have_count(3)
    order = re.findall(r"Arrêt (\w)", " ".join(first.all_inner_texts()))
    assert order in (["A", "C", "B"], ["B", "C", "A"])
    lead.get_by_role("button", name="Monter l’arrêt 3").focus()
    lead.keyboard.press("Enter")
    expect(lead.locator(".round-stops li:target strong")).to_contain_text(f"2. Arrêt {order[2]}")
    address = lead.url.partition("#")[0].removeprefix(house.address)
    _all_right(lead, "round", address, "/console/tournees", "/console/incidents")
    phone = visit("diego", java_script_enabled=False)
    phone.set_viewport_size({"width": 320, "height": 740})
    phone.goto(address)
    phone.locator(".round-stops a").first.click()
    expect(phone.locator("main")).to_contain_text(f"Arrêt {order[0]}")
    expect(phone.get_by_role("button", name="Fait", exact=True)).to_be_visible()


def test_a_known_incident_is_said_counted_and_ended(visit: Visit, house: House) -> None:
    reference = _case(house, "ECLA-01", label="Place des Tilleuls, Rivebois")
    with house.wired.units.begin(SYSTEM) as uow:
        until = uow.now + timedelta(hours=4)
        declare_incident(
            uow, reference, announcement="Panne place des Tilleuls, réparée ce soir.", valid_until=until
        )
    boss = visit("helene")
    boss.goto("/console/incidents")
    boss.get_by_role("link", name="Lampadaire").first.click()
    expect(boss.locator("main")).to_contain_text("Panne place des Tilleuls")
    page = boss.url.removeprefix(house.address)
    _all_right(boss, "incident", page, "/console/incidents", "/console/demandes/nouvelle")
    boss.goto(page)
    boss.get_by_role("button", name="Terminer sans rien dire").click()
    boss.get_by_role("button", name="Oui, terminer sans rien dire").click()
    expect(boss.locator("main")).to_contain_text("terminé")
