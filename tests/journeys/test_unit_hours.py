"""A unit is given hours of its own, by the keyboard: what it has to take in charge is dated anew; then others
from a day on.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.foundation import SYSTEM, UnitOfWork
from crm.promises import (
    add_calendar,
    give_calendar,
    keep_clocks,
    own_calendars,
    reckoning,
    retire_calendar,
)
from tests import given
from tests.journeys.house import TUESDAY_BEFORE_CHRISTMAS, House
from tests.journeys.looking import look, no_fault
from workers.promises import bring_calendars_in

Visit = Callable[..., Page]
NAME = "Lampes, matin et samedi"
LATER = "Lampes, du mardi au samedi"
AT = "/console/administration/calendriers"


@pytest.fixture
def reference(house: House) -> str:
    """A demand that its unit has not taken in charge, with its clocks."""
    with house.wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="heures.lampes@exemple.fr")
        told = {"category_code": "ECLA-01", "contact_id": who, "answer_channel": "email", "channel": "web"}
        book = house.wired.rulebooks.current()
        opened = given.open_case(uow, book, **told, place=given.place("99007"))
    case = house.case(opened)
    with house.wired.units.begin(SYSTEM) as uow:
        keep_clocks(uow, reckoning(uow.session), [case.id])
    return opened


def test_a_unit_is_given_hours_of_its_own(visit: Visit, house: House, reference: str) -> None:
    unit_id = house.case(reference).unit_id
    assert unit_id is not None
    page, advisor = visit("yann"), visit("karim")
    try:
        _before(advisor, reference)
        _make(page)
        _give(page, unit_id)
        house.work()
        _after(advisor, reference)
        page.goto(AT)
        _looked_at(page, "list")
        page.goto("/console/annuaire")
        expect(page.locator("main")).to_contain_text("Travaille du mardi au samedi")
        _looked_at(page, "directory")
    finally:
        with house.wired.units.begin(SYSTEM) as uow:
            _as_it_was(uow, unit_id)
        house.work()


def test_its_hours_change_on_a_day_to_come(visit: Visit, house: House, reference: str) -> None:
    unit_id = house.case(reference).unit_id
    assert unit_id is not None
    try:
        calendar_id = _given(house, unit_id)
        page, advisor = visit("yann"), visit("karim")
        page.goto(f"{AT}/{calendar_id}")
        _plan(page)
        _take_up_again(page)
        _promised(advisor, reference, "23 décembre, 12 h")
        house.clock.at = TUESDAY_BEFORE_CHRISTMAS.replace(day=23, hour=0)
        bring_calendars_in(house.wired)
        house.work()
        _promised(visit("karim"), reference, "24 décembre, 12 h")
    finally:
        house.clock.at = TUESDAY_BEFORE_CHRISTMAS
        with house.wired.units.begin(SYSTEM) as uow:
            _as_it_was(uow, unit_id)
        house.work()


def _given(house: House, unit_id: int) -> int:
    days = ("tuesday", "wednesday", "thursday", "friday", "saturday")
    mornings = {
        "working_days": list(days),
        "service_hours": {day: ["05:00-12:00"] for day in days},
        "cut_off": "11:00",
        "end_of_service": "12:00",
    }
    with house.wired.units.begin(SYSTEM) as uow:
        calendar_id = add_calendar(uow, LATER, mornings, note="Les équipes commencent à cinq heures.")
        give_calendar(uow, unit_id, calendar_id, seen_id=None)
    house.work()
    return calendar_id


def _plan(page: Page) -> None:
    """No Wednesdays any more, from Wednesday on."""
    _fill(page, "Heures de service, Mercredi", "")
    page.get_by_label("À partir du").fill("2026-12-23")
    _enter(page, "button", "Aperçu")
    expect(page.locator("main")).to_contain_text("rien n’est encore publié")
    expect(page.get_by_label("À partir du")).to_have_value("2026-12-23")
    expect(page.get_by_role("row").filter(has_text="mercredi 23 décembre")).to_contain_text("changé")
    _fill(page, "Pourquoi ce changement", "Le mercredi passe à l’autre équipe.")
    _enter(page, "button", "Publier le calendrier")
    expect(page.locator("main")).to_contain_text("En vigueur à partir du mercredi 23 décembre 2026")
    _looked_at(page, "to-come")


def _take_up_again(page: Page) -> None:
    _enter(page, "link", "La lire ou la retirer")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "En vigueur à partir du mercredi 23 décembre 2026"
    )
    _looked_at(page, "to-come-read")
    _enter(page, "button", "Retirer cette version")
    expect(page.locator("main")).to_contain_text("La version retirée remplit le formulaire")
    expect(page.get_by_label("Heures de service, Mercredi")).to_have_value("")
    _looked_at(page, "taken-up")
    _enter(page, "button", "Publier le calendrier")
    expect(page.locator("main")).to_contain_text("En vigueur à partir du mercredi 23 décembre 2026")


def _promised(page: Page, reference: str, when: str) -> None:
    page.goto(f"/console/demandes/{reference}/promesses")
    expect(_row(page)).to_contain_text(when)
    expect(_row(page)).to_contain_text(LATER)


def _before(page: Page, reference: str) -> None:
    page.goto(f"/console/demandes/{reference}/promesses")
    expect(_row(page)).to_contain_text("23 décembre")
    expect(_row(page)).to_contain_text("calendrier")


def _make(page: Page) -> None:
    page.goto("/console/administration")
    _enter(page, "link", "Calendriers")
    _enter(page, "link", "Nouveau calendrier")
    _looked_at(page, "new")
    _fill(page, "Nom", NAME)
    for day in ("lundi", "dimanche"):
        _fill(page, f"Heures de service, {day.capitalize()}", "")
    for day in ("mardi", "mercredi", "jeudi", "vendredi", "samedi"):
        _fill(page, f"Heures de service, {day.capitalize()}", "5 h - 12 h")
    _fill(page, "Une demande compte pour le jour même avant", "11:00")
    _fill(page, "Une échéance se termine à", "12:00")
    _enter(page, "button", "Aperçu")
    expect(page.locator("main")).to_contain_text("rien n’est encore publié")
    _looked_at(page, "tried")
    _fill(page, "Pourquoi ce changement", "Les équipes commencent à cinq heures.")
    _enter(page, "button", "Publier le calendrier")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    _looked_at(page, "published")


def _give(page: Page, unit_id: int) -> None:
    page.goto(f"/console/administration/services/{unit_id}")
    box = page.get_by_label("Calendrier", exact=True)
    box.focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Changer de calendrier")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Travaille du mardi au samedi")
    _looked_at(page, "unit")


def _after(page: Page, reference: str) -> None:
    page.goto(f"/console/demandes/{reference}/promesses")
    expect(_row(page)).to_contain_text(f"calendrier « {NAME} »")
    expect(_row(page)).to_contain_text("23 décembre, 12 h")
    _looked_at(page, "promises")


def _row(page: Page) -> Locator:
    return page.get_by_role("row").filter(has_text="Prise en charge par le service")


def _fill(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(words)


def _enter(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).first.press("Enter")


def _looked_at(page: Page, name: str) -> None:
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        no_fault(page)
        look(page, f"hours-{name}-{width}", whole=True)


def _as_it_was(uow: UnitOfWork, unit_id: int) -> None:
    """Other journeys find the unit by the centre's calendar."""
    for line in own_calendars(uow.session):
        if line.name in {NAME, LATER}:
            if line.units:
                give_calendar(uow, unit_id, None, seen_id=line.id)
            retire_calendar(uow, line.id)
