"""An outcome said otherwise, with the keyboard alone: drafted, tried, published, then read in a mail."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState, Outcome, WorkReport, resolve_case
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault, violations

Visit = Callable[..., Page]


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


def _refused(house: House, mailbox: str) -> str:
    """A demand that the service cannot grant; the answer is to be given."""
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name="Belkacem", email=mailbox)
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001")}
        reference = given.open_case(uow, wired.rulebooks.current(), CaseState.IN_PROGRESS, **told)
    report = WorkReport(outcome=Outcome.REFUSED, text="La rue est privée.")
    with wired.units.begin(SYSTEM) as uow:
        resolve_case(uow, reference, report=report, seen_version=house.case(reference).version)
    return reference


def _typed(page: Page, box: str, words: str) -> None:
    page.locator(box).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def _seen(page: Page, name: str) -> None:
    """Without a fault, on a wide screen and on a telephone."""
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        look(page, f"{name}-{width}", whole=True)
        found = violations(page)
        assert found == [], found
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_new_sentence_of_an_outcome_reaches_an_usager(visit: Visit, house: House, mailbox: str) -> None:
    reference, said = _refused(house, mailbox), "Ce n’est pas à la métropole de le faire."
    # given: an administrator says it otherwise
    yann = visit("yann")
    yann.goto("/console/administration/issues")
    _seen(yann, "outcomes")
    yann.get_by_role("link", name="Pas de suite favorable").press("Enter")
    _typed(yann, "#label", "Hors de notre ressort")
    _typed(yann, "#sentence", "")
    yann.keyboard.press("Delete")
    yann.get_by_role("button", name="Enregistrer et essayer").press("Enter")
    expect(yann.locator("#sentence-error")).to_contain_text("Écrivez des mots en français")
    _seen(yann, "outcome-refused")
    _typed(yann, "#sentence", said)
    yann.get_by_role("button", name="Enregistrer et essayer").press("Enter")
    # when: it is tried, then published with its reason
    expect(yann.locator("#issue-any option:checked")).to_have_text("Hors de notre ressort")
    expect(yann.locator("section[aria-labelledby=read-1]")).to_contain_text(said)
    _seen(yann, "outcome-tried")
    yann.get_by_role("link", name="Publier").press("Enter")
    _typed(yann, "#note", "Les usagers ne comprenaient pas « suite favorable ».")
    _seen(yann, "outcome-published")
    yann.get_by_role("button", name="Publier").press("Enter")
    expect(yann.locator("main")).to_contain_text("ne comprenaient pas")
    _seen(yann, "outcome-history")
    # then: the agent chooses these words, and the usager reads that sentence
    helene = visit("helene")
    helene.goto(f"/console/demandes/{reference}/reponse")
    expect(helene.locator("#outcome option:checked")).to_have_text("Hors de notre ressort")
    helene.locator("#body").focus()
    helene.keyboard.press("Control+Enter")
    expect(helene.locator("[role=status]").first).to_contain_text(reference)
    house.work()
    assert "La rue est privée." in house.mail(mailbox, said)
    resident = visit()
    resident.goto(f"/suivi/{house.case(reference).public_token}")
    expect(resident.locator("main")).to_contain_text(said)
    look(resident, "outcome-followed")


@pytest.mark.parametrize("width", [1366, 320])
def test_a_danger_is_retired_in_a_draft_with_the_keyboard(visit: Visit, house: House, width: int) -> None:
    page = visit("yann")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/console/administration/dangers/115")
    page.get_by_role("link", name="Retirer").press("Enter")
    no_fault(page)
    look(page, f"danger-retirement-{width}", whole=True)
    page.get_by_role("button", name="Retirer ce danger, en brouillon").press("Enter")
    expect(page.locator("#content")).to_contain_text("En service")
    look(page, f"danger-retired-{width}", whole=True)
    page.get_by_text("Abandonner le brouillon").press("Enter")
    page.get_by_role("button", name="Abandonner pour de bon").press("Enter")
    expect(page.get_by_text("Abandonner le brouillon")).to_have_count(0)  # the page came back
    expect(page.locator("main")).to_contain_text("Personne sans abri")
