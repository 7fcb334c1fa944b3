"""T03 widened: the whole demand at a mairie's counter without script, its receipt, its week on Monday."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from crm.cases import spoken
from crm.foundation import PARIS
from tests.journeys.house import House
from tests.journeys.test_every_screen import faults_of
from workers.digests import send_digests

Visit = Callable[..., Page]
MONDAY = datetime(2026, 12, 28, 7, 0, tzinfo=PARIS)


def _at_the_counter(page: Page, place: str, *, scripts: bool = True) -> str:
    """Typed as it is said; what is missing comes back as lists to choose from. Returns the reference."""
    page.goto("/console/")
    page.get_by_role("link", name="Nouvelle demande").first.click()
    page.fill("#object", "Bac à ordures cassé")
    page.fill("#place_text", place)
    page.select_option("#answer_channel", "none")
    send = page.get_by_role("button", name="Enregistrer et donner le récépissé")
    send.click()
    expect(page.locator("main")).to_contain_text("Choisissez la catégorie dans la liste.")
    expect(page.locator("#object")).to_have_value("Bac à ordures cassé")
    page.select_option("#any_category", "DECH-02")
    if page.locator("#place_choice").count():
        page.locator("#place_choice input").first.check()
    if not scripts:  # the category's own questions come with the page that is given back
        send.click()
    page.select_option("[name=q_need]", "repair")
    send.click()
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_demand_is_taken_at_the_counter_and_its_receipt_handed_over(
    visit: Visit, house: House, scripts: bool
) -> None:
    desk = visit("nadege", java_script_enabled=scripts)
    expect(desk.locator("h1")).to_contain_text("Accueil de la mairie")
    place = house.place("public").partition(",")[0]
    reference = _at_the_counter(desk, place, scripts=scripts)
    case = house.case(reference)
    assert (case.channel, case.origin_insee, case.insee) == ("desk", "99001", "99001")
    address = desk.get_by_role("link", name="Imprimer le récépissé").get_attribute("href") or ""
    paper = desk.request.get(address)
    assert paper.headers["content-type"] == "application/pdf"
    said = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.body())).pages)
    said = re.sub(r"\s+", " ", said)
    assert spoken(reference) in said and "01 99 00 00 00" in said and "ce papier" in said
    assert visit("loic", java_script_enabled=scripts).request.get(address).status == 404
    desk.goto("/console/accueil")
    desk.get_by_role("link", name="Voir toutes les demandes ouvertes").click()
    expect(desk.locator("main")).to_contain_text(reference)


def test_the_desk_is_told_of_its_week_on_monday(visit: Visit, house: House) -> None:
    """Of a small commune: the list of a large one says its first demands alone."""
    small = house.place("public", "99002", None).partition(",")[0]
    reference = _at_the_counter(visit("loic"), small)
    house.clock.at = MONDAY
    for _ in range(2):
        send_digests(house.wired)
        house.work()
    (told,) = [mail for mail in house.mails(house.accounts["loic"]["email"]) if reference in mail]
    assert "vos demandes" in told and "Bac à ordures cassé" not in told
    assert not [mail for mail in house.mails(house.accounts["nadege"]["email"]) if reference in mail]


@pytest.mark.parametrize("width", [1366, 320])
def test_the_screens_of_a_desk(visit: Visit, house: House, width: int) -> None:
    desk = visit("nadege")
    desk.set_viewport_size({"width": width, "height": 768})
    screens = ("/console/accueil", "/console/guichet/nouvelle", "/console/liste-maire", "/console/rappels")
    assert [fault for screen in screens for fault in faults_of(desk, screen)] == []
