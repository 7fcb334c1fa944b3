"""T11: no e-mail, reads with difficulty, interpreter of Arabic: told aloud and on paper; needs are hers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from crm.cases.models import CaseContact
from crm.contacts import NewContact, find_or_create_contact
from crm.foundation import SYSTEM
from crm.interactions import Interaction
from tests.acting import act
from tests.journeys.calls import surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault, settled

Visit = Callable[..., Page]
NEEDS = ("reading", "interpreter")
MEDICAL = ("handicap", "malad", "illettr", "déficien", "trouble", "médical", "fragile", "vulnérable")
LARGE = 16


@dataclass
class Mother:
    """« Fatima … », 12 rue des Lilas, a mobile and no e-mail."""

    id: int
    name: str
    phone: str


@pytest.fixture
def mother(house: House) -> Mother:
    name, phone = surname("Benali"), "06 39 98 70 11"
    with house.wired.units.begin(SYSTEM) as uow:
        who = NewContact(
            first_name="Fatima", family_name=name, phone=phone, postal=("12 rue des Lilas", "99000 Rivebois")
        )
        return Mother(find_or_create_contact(uow, who), name, phone)


def _sheet(page: Page, mother: Mother, *needs: str) -> None:
    """What she says she needs, on her sheet; nothing when she takes it back."""
    page.goto(f"/console/usagers/{mother.id}/modifier")
    for need in NEEDS:
        page.locator(f"input[name=needs][value={need}]").set_checked(need in needs)
    page.fill("#language", "arabe dialectal" if "interpreter" in needs else "")
    with page.expect_navigation():
        page.get_by_role("button", name="Noter ces besoins").click()


def _complains(page: Page, mother: Mother) -> str:
    page.goto(f"/console/demandes/nouvelle?usager={mother.id}")
    banner = page.locator("#person [role=note]")
    expect(banner).to_contain_text("Interprète : arabe dialectal")
    expect(banner).to_contain_text("Lit difficilement")
    said = banner.inner_text().lower()
    assert not [word for word in MEDICAL if word in said]
    page.fill("#object", "personne ne répond à sa demande d’avril")
    page.locator("details.other-categories summary").click()
    page.select_option("#any_category", "REL-01")
    settled(page)
    expect(page.locator("#answer_channel")).to_have_value("phone")
    look(page, "t11-call")
    no_fault(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


def _sent(house: House, reference: str) -> list[tuple[str, str]]:
    told = sa.select(Interaction.channel, Interaction.kind).where(
        Interaction.case_id == house.case(reference).id, Interaction.direction == "out"
    )
    with house.wired.sessions() as session:
        return [(row.channel, row.kind) for row in session.execute(told.order_by(Interaction.id))]


def _printed_sizes(page: Page, reference: str) -> set[int]:
    """Of the words of the letter about this demand, once a batch of it alone was made."""
    page.goto("/console/courriers")
    for box in page.locator("input[name=letter]").all():
        box.uncheck()
    page.locator("tr", has_text=reference).locator("input[name=letter]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Préparer un lot").click()
    address = page.get_by_role("link", name="Ouvrir le PDF").get_attribute("href") or ""
    paper = page.request.get(address).body()
    sizes: set[int] = set()

    def seen(text: str, _m: object, _p: object, _f: object, size: float) -> None:
        if "considérée" in text:
            sizes.add(round(size))

    for sheet in PdfReader(BytesIO(paper)).pages[1:]:  # the first is the slip
        sheet.extract_text(visitor_text=seen)
    return sizes


def _answered_aloud(page: Page, house: House, reference: str) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        for verb in ("accept", "resolve"):
            act(uow, house.wired.rulebooks.current(), reference, verb)
    page.goto(f"/console/demandes/{reference}/reponse")
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer et clore").click()
    house.work()


def _son_calls(page: Page, mother: Mother) -> str:
    page.goto("/console/demandes/nouvelle")
    page.fill("#object", "nid de poule devant chez elle")
    page.locator("#categories input[value=VOIR-01]").check(force=True)
    page.fill("#first_name", "Karim")
    page.fill("#family_name", mother.name)
    page.select_option("#for_whom", "proxy")
    page.fill("#other_name", f"Fatima {mother.name}")
    page.fill("#other_reach", mother.phone)
    page.select_option("#answer_channel", "none")
    settled(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


def test_told_aloud_and_on_paper_and_the_need_is_hers(visit: Visit, house: House, mother: Mother) -> None:
    page = visit("karim")
    _sheet(page, mother, *NEEDS)
    # when she complains on the telephone
    reference = _complains(page, mother)
    house.work()
    # then no mail, no SMS: a letter in large print says what silence would mean
    assert _sent(house, reference) == [("letter", "acknowledgement")]
    assert _printed_sizes(page, reference) == {LARGE}
    # the answer is a call to make
    _answered_aloud(page, house, reference)
    assert _sent(house, reference)[1:] == [("phone", "answer")]
    page.goto("/console/rappels")
    expect(page.locator("main")).to_contain_text(reference)
    # her son calls in her name
    proxied = house.case(_son_calls(page, mother))
    with house.wired.sessions() as session:
        roles = sa.select(CaseContact.role).where(CaseContact.case_id == proxied.id)
        assert sorted(session.scalars(roles)) == ["beneficiary", "proxy"]
    page.goto(f"/console/demandes/{proxied.reference}")
    expect(page.locator("body")).to_contain_text("Au nom de")
    expect(page.locator("body")).to_contain_text(f"Fatima {mother.name}")
    # she takes it back: nothing finds it any more
    _sheet(page, mother)
    page.goto("/console/recherche?q=arabe%20dialectal")
    expect(page.locator("main")).not_to_contain_text("Fatima")
    page.goto(f"/console/usagers/{mother.id}")
    expect(page.locator("main")).not_to_contain_text("arabe")
    expect(page.locator("main")).not_to_contain_text("Lit difficilement")
    assert _traces(house, mother) == 0


def _traces(house: House, mother: Mother) -> int:
    """What is kept of needs, and facts that would name one."""
    held = sa.text("SELECT count(*) FROM support_needs WHERE contact_id = :who")
    named = sa.text("SELECT count(*) FROM events WHERE data::text ~* 'arabe|reading|interpreter'")
    with house.wired.sessions() as session:
        return int(session.scalar(held, {"who": mother.id}) or 0) + int(session.scalar(named) or 0)
