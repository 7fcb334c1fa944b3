"""« L’éclairage de cette commune change de mains le 4 janvier » (G6): drafted, tried, published, understood.

A demand registered the day before keeps its unit; one registered on the day goes to the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from crm.routing import RoutingTable, drop_draft, withdraw_version
from crm.staff import Unit
from tests import given
from tests.journeys.house import TUESDAY_BEFORE_CHRISTMAS, House
from tests.journeys.looking import look, no_fault
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
AT = "/console/administration/competences"
_A_TABLE = re.compile(r"/competences/\d+$")
COMMUNE, DAY = "99007", "2027-01-04"
NOTE = "Contrat Ouest étendu au 4 janvier"


@pytest.fixture(autouse=True)
def _as_it_was(house: House) -> Iterator[None]:
    """Other journeys find the rules that were delivered."""
    yield
    house.clock.at = TUESDAY_BEFORE_CHRISTMAS
    with house.wired.units.begin(SYSTEM) as uow:
        made = sa.select(RoutingTable.id).where(RoutingTable.note == NOTE)
        if (table_id := uow.session.scalar(made)) is None:
            return
        withdraw_version(uow, table_id)
        drop_draft(uow, table_id)


def _registered(house: House) -> str:
    with house.wired.units.begin(SYSTEM) as uow:
        told = {"category_code": "ECLA-01", "place": given.place(COMMUNE)}
        return given.open_case(uow, house.wired.rulebooks.current(), CaseState.ASSIGNED, **told)


def _unit_of(house: House, reference: str) -> str:
    with house.wired.sessions() as session:
        named = sa.select(Unit.code).where(Unit.id == house.case(reference).unit_id)
        return session.scalar(named) or ""


def test_a_commune_changes_hands_on_a_date(visit: Visit, house: House) -> None:
    before = _registered(house)
    page = visit("yann")
    page.goto(AT)
    page.get_by_role("button", name="Commencer un brouillon").click()
    _hand_over(page)
    _try_on_the_past(page, house, before)
    _publish(page)
    # the day comes by itself
    eve = _registered(house)
    house.clock.at = house.clock.at.replace(year=2027, month=1, day=4)
    after = _registered(house)
    ends = [_unit_of(house, one) for one in (before, eve, after)]
    assert ends == ["eclairage-est", "eclairage-est", "eclairage-ouest"]
    supervisor = visit("helene")
    supervisor.goto(f"/console/demandes/{before}/competence")
    expect(supervisor.locator("main")).to_contain_text("Enregistrée aujourd’hui")
    look(supervisor, "competence-why", whole=True)
    assert faults_of(supervisor, supervisor.url) == []


def _hand_over(page: Page) -> None:
    """The three rules of the eastern lighting in this commune, at once; the nights stay on call."""
    page.get_by_label("Domaine ou catégorie").select_option("ECLA")
    page.get_by_label("Commune").select_option(COMMUNE)
    page.get_by_role("button", name="Filtrer").click()
    whose = page.get_by_role("group", name="Lesquelles de ces règles")
    expect(whose.get_by_label("Éclairage public, secteur Est")).to_be_checked()
    expect(whose.get_by_label("Astreinte")).not_to_be_checked()
    no_fault(page)
    west = "Lumirive — Éclairage public, secteur Ouest"
    page.get_by_label("Confier les règles cochées à").select_option(label=west)
    look(page, "competence-whose", whole=True)
    page.get_by_role("button", name="Changer le service").click()
    expect(page.locator(".strip-ok, [role=status]").first).to_contain_text("3 règles")
    page.get_by_role("link", name="Ce qui change").click()
    expect(page.locator("main tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Publier").click()
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Publier").click()
    untried = page.get_by_label("Pourquoi sans simulation")
    expect(untried).to_have_accessible_description(re.compile("Simulez ce brouillon"))
    no_fault(page)
    look(page, "competence-untried", whole=True)


def _try_on_the_past(page: Page, house: House, before: str) -> None:
    page.get_by_role("link", name="Simuler d’abord").click()
    house.clock.at += timedelta(minutes=1)
    page.get_by_role("button", name="Simuler").click()
    page.wait_for_url("**/simulations/*")
    house.work()
    page.get_by_role("link", name="Actualiser").click()
    expect(page.locator("main")).to_contain_text(before)
    look(page, "competence-simulation", whole=True)
    assert faults_of(page, page.url) == []


def _publish(page: Page) -> None:
    page.get_by_role("link", name="Publier").click()
    expect(page.locator("main li")).to_have_text(
        "Éclairage public, secteur Est → Éclairage public, secteur Ouest : 3 règles"
    )
    look(page, "competence-publication", whole=True)
    page.get_by_label("Note").fill(NOTE)
    page.get_by_label("À partir du").fill(DAY)
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("main")).to_contain_text("Prendra effet")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_screens_of_competence_are_accessible_and_narrow(visit: Visit, house: House, width: int) -> None:
    page = visit("yann")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(AT)
    page.get_by_role("button", name="Commencer un brouillon").click()
    page.wait_for_url(_A_TABLE)
    draft = page.url
    wrong = []
    for screen in (
        "",
        "/regles/nouvelle",
        "/changements",
        "/a-corriger",
        "/simulations",
        "/historique",
        "/publication",
    ):
        wrong += faults_of(page, f"{draft}{screen}")
        look(page, f"competence-{width}-{screen.strip('/').replace('/', '-') or 'rules'}", whole=True)
    for screen in ("/console/administration", AT, f"{AT}/qualite", f"{AT}/apprentissage"):
        wrong += faults_of(page, screen)
        look(page, f"competence-{width}-of-{screen.rpartition('/')[2]}", whole=True)
    page.goto(draft)
    page.get_by_text("Abandonner le brouillon").click()
    page.get_by_role("button", name="Abandonner pour de bon").click()
    page.wait_for_url(f"**{AT}")
    assert wrong == []
