"""T10, the rest of it: an appointment that two want, a step outside the script, help called at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from playwright.sync_api import Page, expect

from crm.appointments import Opening, appointments_of_case, open_slots, signed_appointment
from crm.cases import step_out
from crm.foundation import PARIS, SYSTEM
from tests import given
from tests.journeys.calls import surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


@pytest.fixture
def two_demands(house: House) -> list[str]:
    """Of one service, which receives tomorrow at nine and at twenty past."""
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        book = wired.rulebooks.current()
        told = {"answer_channel": "none", "place": given.place("99001"), "object": surname("Bac volé ")}
        found = [given.open_case(uow, book, contact_id=None, **told) for _ in range(2)]
    tomorrow = house.clock.now().astimezone(PARIS).date() + timedelta(days=1)
    opening = Opening(
        key=found[0],
        meeting="video",
        place="https://visio.example/salle",
        unit_id=house.case(found[0]).unit_id,
        first_on=tomorrow,
        last_on=tomorrow,
        weekdays=frozenset({tomorrow.weekday()}),
        begins=time(9),
        ends=time(9, 40),
        minutes=20,
    )
    with wired.units.begin(SYSTEM) as uow:
        open_slots(uow, opening, lambda day: False)
    return found


def _by_the_palette(page: Page, words: str, address: str) -> None:
    """Ctrl+K, a few letters, Enter."""
    expect(page.locator("#moves:not([hx-get])")).to_be_visible()
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address}")


def test_two_agents_want_one_moment_and_the_usager_gives_it_back(
    visit: Visit, house: House, two_demands: list[str]
) -> None:
    first, second = two_demands
    karim, helene = visit("karim"), visit("helene")
    for page, reference in ((karim, first), (helene, second)):
        page.goto(f"/console/demandes/{reference}")
        _by_the_palette(page, "rendez", "rendez-vous")
        no_fault(page)
        page.locator("[name=slot]").first.check()
    look(karim, "appointment-choose")
    karim.keyboard.press("Control+Enter")
    expect(karim.locator("main")).to_contain_text("Rendez-vous pris")
    helene.keyboard.press("Control+Enter")
    expect(helene.locator("main")).to_contain_text("vient d’être pris")
    look(helene, "appointment-refused")
    helene.locator("[name=slot]").first.check()
    helene.keyboard.press("Control+Enter")
    expect(helene.locator("main")).to_contain_text("Rendez-vous pris")

    with house.wired.sessions() as session:
        (card,) = appointments_of_case(session, house.case(first).id)
    secret = house.wired.settings.secret_key.get_secret_value()
    usager = visit(java_script_enabled=False)
    usager.set_viewport_size({"width": 320, "height": 768})
    usager.goto(f"/rendez-vous/{signed_appointment(secret, card.id)}")
    look(usager, "appointment-usager", whole=True)
    usager.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(usager.locator("main")).to_contain_text("annulé")
    karim.goto("/console/rendez-vous?jour=2026-12-23")
    expect(karim.locator("main")).to_contain_text(second)
    expect(karim.locator("main")).not_to_contain_text(first)
    look(karim, "appointment-day")


def test_a_temporary_bin_although_no_procedure_gives_one(
    visit: Visit, house: House, two_demands: list[str]
) -> None:
    karim, helene, reference = visit("karim"), visit("helene"), two_demands[0]
    karim.goto(f"/console/demandes/{reference}")
    _by_the_palette(karim, "sortir", "hors-cadre")
    no_fault(karim)
    karim.get_by_label("Les moyens prévus").check()
    words = surname("Bac provisoire porté ce soir ")
    karim.fill("#words", words)
    karim.fill("#motive", "Le bac a été volé ; la collecte est demain.")
    look(karim, "step-out")
    karim.keyboard.press("Control+Enter")
    expect(karim.locator(".timeline")).to_contain_text(words)
    look(karim, "case-with-moves", whole=True)
    helene.goto("/console/hors-cadre")
    expect(helene.locator("main")).to_contain_text(words)
    no_fault(helene)
    look(helene, "off-script-review")

    karim.get_by_text("Ajouter une note interne").click()
    box = karim.locator("#text")
    box.press_sequentially("@hél")
    karim.locator("[role=option]", has_text="Hélène").first.wait_for()
    no_fault(karim)
    karim.keyboard.press("Enter")
    box.press_sequentially("as-tu un bac en réserve ?")
    karim.get_by_role("button", name="Ajouter la note").click()
    expect(karim.locator("main")).to_contain_text("Prévenus")
    helene.goto("/console/pour-moi")
    expect(helene.locator("main")).to_contain_text("as-tu un bac en réserve ?")
    look(helene, "for-me")


def test_help_is_called_without_leaving_the_form_and_seen_at_once(visit: Visit, house: House) -> None:
    helene, karim = visit("helene"), visit("karim")
    helene.goto("/console/files/reponses")
    expect(helene.locator("#help-now[data-listening]")).to_be_attached()
    karim.goto("/console/demandes/nouvelle")
    words = surname("Il crie depuis dix minutes ")
    karim.locator("#object").press_sequentially(words)
    karim.keyboard.press("Control+b")
    expect(karim.locator("#help-now")).to_contain_text("Vos collègues sont prévenus")
    expect(karim.locator("#object")).to_have_value(words)
    expect(helene.locator("#help-now")).to_contain_text("a besoin d’aide maintenant")
    no_fault(helene)
    look(helene, "help-strip")
    helene.get_by_role("link", name="Voir et aider").click()
    expect(helene.locator("main")).to_contain_text(words)
    no_fault(helene)
    look(helene, "help-page")
    helene.get_by_role("button", name="J’arrive").click()
    expect(karim.locator("#help-now")).to_contain_text("arrive pour vous aider")
    look(karim, "help-form")


def test_what_comes_back_becomes_a_draft(visit: Visit, house: House) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        book = house.wired.rulebooks.current()
        told = {"answer_channel": "none", "place": given.place("99001"), "category_code": "VOIR-01"}
        for _ in range(3):
            reference = given.open_case(uow, book, contact_id=None, **told)
            step_out(uow, reference, kind="delay", words="Rebouché le jour même.", motive="Devant l’école.")
    helene, yann = visit("helene"), visit("yann")
    for width in (1366, 320):
        helene.set_viewport_size({"width": width, "height": 768})
        helene.goto("/console/hors-cadre")
        helene.get_by_role("link", name="Écrire la règle").first.scroll_into_view_if_needed()
        assert helene.evaluate("document.documentElement.scrollWidth <= innerWidth")
        no_fault(helene)
        look(helene, f"off-script-often-{width}")
    helene.get_by_role("link", name="Écrire la règle Nid-de-poule").first.click()
    expect(helene.locator("main")).to_contain_text("donnez-lui l’adresse de cette page")
    for width in (1366, 320):
        yann.set_viewport_size({"width": width, "height": 768})
        yann.goto(helene.url)
        no_fault(yann)
        look(yann, f"off-script-rule-{width}")
    yann.get_by_role("button", name="Commencer le brouillon").click()
    yann.wait_for_url("**/categories/VOIR-01")
    yann.goto(f"{yann.url}/publication")
    expect(yann.get_by_label("Pourquoi ce changement")).to_have_value("Revue hors cadre, décembre 2026")
    yann.get_by_text("Abandonner le brouillon").click()
    yann.get_by_role("button", name="Abandonner pour de bon").click()
    yann.wait_for_url("**/administration/categories")
