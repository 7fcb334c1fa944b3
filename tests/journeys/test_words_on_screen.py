"""An administrator writes what agents say: tried, published, read during the next call, put in an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import ROOT, SYSTEM
from crm.knowledge import load_replies
from crm.knowledge.models import ReplyTemplateRow, SnippetRow
from crm.revisions import Revision
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault
from tests.journeys.residents import report
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
AT = "/console/administration"
TITLE, WORDS = (
    "Lumière gênante",
    "Les lampes baissent à minuit.\nUn cache se pose en dix jours.",
)
TEXT = f"{AT}/modeles/texte?message=answer&issue=F&sujet=ECLA-01"


@pytest.fixture(autouse=True)
def _as_it_was(house: House) -> Iterator[None]:
    """Other journeys find no word of ours."""
    yield
    with house.wired.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.delete(SnippetRow).where(SnippetRow.title == TITLE))
        ours = sa.and_(ReplyTemplateRow.language == "en", ReplyTemplateRow.message == "registration")
        uow.session.execute(sa.delete(ReplyTemplateRow).where(ours))
        uow.session.execute(sa.delete(Revision).where(Revision.subject.in_(("snippet", "reply"))))
        load_replies(uow, ROOT / "config" / "replies")
    house.wired.rulebooks.forget_snippets()


def test_words_from_the_administrator_to_the_usager(visit: Visit, house: House) -> None:
    _publish_ready_words(visit("yann"))
    advisor = visit("karim")
    _read_during_a_call(advisor)
    _put_in_an_answer(advisor, house)
    _write_a_template(visit("yann"))


def test_a_translation_from_the_administrator_to_a_mailbox(visit: Visit, house: House) -> None:
    """Whoever reports in English reads both; whoever reports in French, French alone."""
    page, said = visit("yann"), f"Your light, {uuid4().hex[:8]}"
    page.goto(f"{AT}/modeles/texte?message=registration&sujet=ECLA-01")
    page.get_by_role("link", name="Ouvrir la traduction").press(
        "Enter"
    )  # of the general text: it serves here
    expect(page.get_by_role("heading", name="Le texte français")).to_be_visible()
    page.get_by_label("Objet").fill(said)
    _looked_at(page, "traduction")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("— In English —").first).to_be_visible()
    _looked_at(page, "traduction-essai")
    page.get_by_label("Pourquoi ce changement").fill("Plus proche de l’usager")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Publié :")).to_be_visible()
    told = {}
    for language in ("en", "fr"):
        resident, mailbox = visit(), f"{uuid4().hex}@usagers.example"
        resident.goto(f"/signaler?lang={language}")
        report(
            resident,
            "Le lampadaire est éteint",
            "ECLA-01",
            "12 rue des Lilas, Rivebois",
            name="Martin",
            email=mailbox,
        )
        house.work()
        (told[language],) = house.mails(mailbox)
    assert (
        told["en"].index("Nous avons reçu") < told["en"].index("— In English —") < told["en"].index("Street")
    )
    assert said in told["en"] and said not in told["fr"] and "In English" not in told["fr"]


def _publish_ready_words(page: Page) -> None:
    page.goto(AT)
    page.get_by_role("link", name="Éléments de réponse").click()
    page.get_by_role("link", name="Écrire un élément").click()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Ce qu’il faut dire").fill(WORDS)
    page.get_by_label("Pour").select_option("ECLA-01")
    _looked_at(page, "element")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Ce que l’agent voit")).to_be_visible()
    _looked_at(page, "element-essai")
    page.get_by_label("Pourquoi ce changement").fill("Question de décembre")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("cell", name="en service")).to_be_visible()
    _looked_at(page, "elements")


def _read_during_a_call(page: Page) -> None:
    page.goto("/console/demandes/nouvelle")
    expect(page.locator("#ready-words")).to_be_empty()
    page.get_by_text("Toutes les catégories").click()
    page.get_by_label("Choisir dans la liste").select_option("ECLA-01")
    expect(page.locator("#ready-words")).to_contain_text("baissent à minuit")
    look(page, "words-call")


def _put_in_an_answer(page: Page, house: House) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email="lumiere.genante@exemple.fr")
        told = {
            "category_code": "ECLA-01",
            "contact_id": who,
            "answer_channel": "email",
            "place": given.place("99007"),
        }
        reference = given.open_case(uow, house.wired.rulebooks.current(), CaseState.RESOLVED, **told)
    page.goto(f"/console/demandes/{reference}/reponse")
    box = page.locator("#body")
    box.focus()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Insérer dans la réponse").press("Enter")
    expect(box).to_be_focused()
    assert box.input_value().endswith(f"\n{WORDS}")
    _looked_at(page, "answer")


def _write_a_template(page: Page) -> None:
    page.goto(f"{AT}/modeles?message=answer&sujet=ECLA-01")
    _looked_at(page, "modeles")
    page.goto(TEXT)
    box = page.get_by_label("Texte", exact=True)
    box.fill("Bonjour,\n\nVeuillez patienter.\n")
    expect(page.locator("#remarks")).to_contain_text("éloigne le lecteur")
    page.get_by_role("button", name="{reference}").press("Enter")
    expect(box).to_have_value("Bonjour,\n\nVeuillez patienter.\n{reference}")
    expect(page.locator("#remarks")).not_to_contain_text("numéro de la demande")
    _looked_at(page, "modele")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Ce que l’usager lira")).to_be_visible()
    _looked_at(page, "modele-essai")
    assert faults_of(page, TEXT) == []


def _looked_at(page: Page, name: str) -> None:
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        no_fault(page)
        look(page, f"words-{name}-{width}", whole=True)
