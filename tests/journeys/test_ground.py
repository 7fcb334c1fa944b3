"""T07 widened: accepted and planned by the lead, made safe on a telephone, sent twice, done, answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM, EventRow
from tests import given
from tests.journeys.house import House
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
PHONE = {"width": 360, "height": 740}
_SMALL = """[...document.querySelectorAll('main a, main button, main summary, main input:not([type=hidden])')]
.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
.map(e => e.outerHTML.slice(0, 100))"""


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


@pytest.fixture
def reference(house: House, mailbox: str) -> str:
    """A dead street light of the Eastern sector, whose author wants an e-mail."""
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email=mailbox)
        spot = {"sector_code": "99001-EST", "label": "12 rue des Lilas, Rivebois", "lon": 3.9, "lat": 43.6}
        place = given.place("99001", **spot)
        told = {"contact_id": who, "answer_channel": "email", "place": place, "category_code": "ECLA-01"}
        return given.open_case(uow, wired.rulebooks.current(), CaseState.ASSIGNED, **told)


def _taken_and_planned(lead: Page, reference: str) -> None:
    """In the list, with the boxes: no page of a case is opened."""
    for button in ("Prendre en charge", "Planifier"):
        lead.goto("/console/files/a-traiter")
        lead.locator(f"input[name=case][value='{reference}']").check()
        if button == "Planifier":
            lead.fill("#bulk-day", "2026-12-23")
        lead.locator("#picked").get_by_role("button", name=button).click()
        expect(lead.locator("[role=status]").first).to_contain_text("1 ")


def test_from_the_list_to_the_ground_and_back(
    visit: Visit, house: House, reference: str, mailbox: str
) -> None:
    lead = visit("samira", java_script_enabled=False)
    _taken_and_planned(lead, reference)
    assert house.case(reference).state == "scheduled"
    # on a telephone, without script, twice by a bad network
    phone = visit("diego", java_script_enabled=False)
    phone.set_viewport_size(PHONE)
    phone.goto(f"/console/terrain/{reference}")
    assert "Diallo" not in phone.locator("main").inner_text()
    sent = {
        name: phone.locator(f"form.ground-form [name={name}]").first.get_attribute("value") or ""
        for name in ("csrf_token", "key", "seen_version")
    }
    fields = {**sent, "act": "secured", "planned_on": "2027-01-05", "note": "Trappe refermée."}
    for _ in range(2):
        assert phone.request.post(f"/console/terrain/{reference}", form=fields).status == 200
    with house.wired.units.reading() as session:
        facts = sa.select(sa.func.count()).where(
            EventRow.kind == "case.secured", EventRow.subject_id == house.case(reference).id
        )
        assert session.scalar(facts) == 1
    house.work()
    assert "5 janvier" in house.mail(mailbox, "danger")
    phone.goto(f"/console/terrain/{reference}")
    phone.get_by_text("Pas de photo possible").click()
    phone.fill("#no_photo", "Il pleut trop.")
    phone.get_by_role("button", name="Fait", exact=True).click()
    expect(phone.locator("main")).to_contain_text("Fait : c’est enregistré".replace(" :", "\u00a0:"))
    assert house.case(reference).state == "resolved"
    assert phone.request.get(f"/console/demandes/{reference}/reponse").status == 403


def test_nothing_found_there_then_the_place_given_again(
    visit: Visit, house: House, reference: str, mailbox: str
) -> None:
    _taken_and_planned(visit("samira"), reference)
    phone = visit("diego")
    phone.set_viewport_size(PHONE)
    phone.goto(f"/console/terrain/{reference}")
    phone.get_by_role("button", name="Rien constaté, pas trouvé").click()
    expect(phone.locator("main")).to_contain_text("L’usager pourra préciser l’endroit")
    centre = visit("karim")
    centre.goto(f"/console/demandes/{reference}/reponse")
    centre.get_by_role("button", name="Envoyer et clore").click()
    expect(centre.locator("[role=status]").first).to_contain_text(reference)
    house.clock.at += timedelta(seconds=30)  # its author could still have taken it back
    house.work()
    asked = house.mail(mailbox, "nous repasserons")
    link = re.search(rf"{re.escape(house.address)}/suivi/\S+", asked)
    assert link
    resident = visit(java_script_enabled=False)
    resident.goto(link.group().rstrip(".,)"))
    resident.fill("#place_again", "Derrière l’abribus")
    resident.get_by_role("button", name="Envoyer et faire repasser").click()
    expect(resident.locator("main")).to_contain_text("rouverte")
    lead = visit("samira")
    lead.goto("/console/files/nouvelles")
    expect(lead.locator("main")).to_contain_text(reference)
    assert house.case(reference).place_hint.startswith("Derrière l’abribus")


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_the_screens_of_a_unit_and_of_the_ground(
    visit: Visit, house: House, reference: str, width: int
) -> None:
    lead = visit("samira")
    _taken_and_planned(lead, reference)
    lead.set_viewport_size({"width": width, "height": 768})
    for screen in ("/console/terrain", f"/console/terrain/{reference}"):
        assert faults_of(lead, screen) == []
        assert lead.evaluate(_SMALL) == [], screen
    for screen in ("/console/files/par/secteur", "/console/files/par/rue", "/console/files/a-traiter"):
        assert faults_of(lead, screen) == []
