"""T07 and T08: the service works, the centre answers, the resident says that it is not done."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.going import follow
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


def _registered(page: Page, house: House, mailbox: str) -> str:
    page.goto("/console/demandes/nouvelle")
    page.locator("#object").press_sequentially("nid de poule profond")
    page.locator("#categories input[value=VOIR-01]").check(force=True)
    page.locator("#place").press_sequentially(house.place("public"))
    page.locator("[role=option]").first.click()
    page.fill("#family_name", "Diallo")
    page.fill("#email", mailbox)
    page.select_option("#answer_channel", "email")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


def _act(page: Page, name: str, **fields: str) -> None:
    """Open an act and do it. `fields`: name → what is typed or chosen."""
    box = page.locator("details.act", has=page.locator("summary", has_text=name))
    box.locator("summary").click()
    for field, value in fields.items():
        control = box.locator(f"[name={field}]")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    box.get_by_role("button", name=name).click()


def _worked(visit: Visit, house: House, reference: str, mailbox: str) -> None:
    """The unit accepts, plans, asks, gets the reply and reports."""
    lead = visit("paul")
    lead.goto(f"/console/demandes/{reference}")
    lead.get_by_role("button", name="Prendre en charge").click()
    _act(lead, "Planifier", planned_on="2026-12-23")
    _act(lead, "Interroger l’usager", question="De quel côté de la rue ?")
    expect(lead.locator("main")).to_contain_text("Attend l’usager")
    house.work()
    assert reference in house.mail(mailbox, "De quel côté de la rue")
    lead.get_by_role("button", name="Reprendre").click()
    _act(lead, "Rendre compte", outcome="F", report="Le trou est rebouché.", no_photo="De nuit.")
    expect(lead.locator("main")).to_contain_text("réponse à faire", ignore_case=True)
    assert lead.get_by_text("Répondre et clore").count() == 0
    token = lead.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    fields = {"csrf_token": token, "seen_version": "6", "outcome": "F", "no_answer_reason": "anonymous"}
    refused = lead.request.post(f"/console/demandes/{reference}/reponse", form=fields)
    assert refused.status == 403


def _answered(page: Page, house: House, reference: str) -> None:
    page.goto("/console/files/reponses")
    page.goto(f"/console/demandes/{reference}")
    page.get_by_role("link", name="Répondre et clore").click()
    expect(page.locator("#body")).to_have_value(re.compile("Le trou est rebouché"))
    page.get_by_role("button", name="Envoyer et clore").click()
    expect(page.locator("[role=status]").first).to_contain_text(reference)
    page.goto(f"/console/demandes/{reference}")
    expect(page.locator("main")).to_contain_text("Terminée")
    house.work()


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


def test_from_the_work_to_the_answer_to_it_is_not_done(visit: Visit, house: House, mailbox: str) -> None:
    # given: a case worked on, answered, closed
    centre = visit("karim")
    reference = _registered(centre, house, mailbox)
    _worked(visit, house, reference, mailbox)
    _answered(centre, house, reference)
    answer = house.mail(mailbox, "Le trou est rebouché.")
    assert reference in answer
    first = house.case(reference)
    # when: the resident opens the link of the answer; looking does nothing
    link = re.search(rf"{re.escape(house.address)}/suivi/\S+", answer)
    assert link
    resident = visit(java_script_enabled=False)
    resident.goto(link.group().rstrip(".,)"))
    expect(resident.locator("main")).to_contain_text("Le trou est rebouché.")
    assert house.case(reference).state == "closed"
    resident.get_by_role("button", name="Ce n’est pas fait").click()
    expect(resident.locator("main")).to_contain_text("Votre demande est rouverte")
    # then: same reference, first date kept, in the advisor's list today
    again = house.case(reference)
    assert (again.state, again.reopen_count) == ("assigned", 1)
    assert again.announced_due_at == first.announced_due_at
    centre.goto("/console/files/contestees")
    expect(centre.locator("main")).to_contain_text(reference)
    house.work()
    assert reference in house.mail(mailbox, "rouverte")


def test_a_wrong_pair_says_nothing_and_is_slowed_down(visit: Visit, house: House, mailbox: str) -> None:
    reference = _registered(visit("karim"), house, mailbox)
    resident = visit(java_script_enabled=False)
    told = []
    for _ in range(6):
        resident.goto("/suivi")
        resident.fill("[name=reference]", reference)
        resident.fill("[name=proof]", "34999")
        follow(resident, resident.get_by_role("button", name="Voir").or_(resident.locator("main button")))
        told.append(resident.locator("main").inner_text())
    assert "Nous ne trouvons pas de demande" in told[0]
    assert len(set(told[:5])) == 1 and told[5] != told[0]


@pytest.mark.parametrize("width", [1366, 320])
def test_another_way_than_the_one_asked_for_says_why(visit: Visit, house: House, width: int) -> None:
    with house.wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email=f"{uuid4().hex}@usagers.example", phone="0639980019")
        told = {"category_code": "VOIR-01", "contact_id": who, "answer_channel": "email"}
        book = house.wired.rulebooks.current()
        reference = given.open_case(uow, book, CaseState.RESOLVED, place=given.place("99007"), **told)
    page = visit("karim")
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"/console/demandes/{reference}/reponse")
    page.get_by_label("Répondre par").select_option("phone")
    page.get_by_role("button", name="Envoyer et clore").click()
    why = page.get_by_label("Pourquoi pas le moyen demandé")
    expect(why).to_have_accessible_description(re.compile("l’usager a demandé un autre moyen"))
    expect(page.locator("#body")).to_have_value(re.compile("Trou rebouché"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_fault(page)
    look(page, f"answer-another-way-{width}", whole=True)
    why.fill("Il faut lui expliquer la suite")
    page.get_by_role("button", name="Envoyer et clore").click()
    expect(page.locator("[role=status]").first).to_contain_text(reference)
    page.goto(f"/console/demandes/{reference}")
    expect(page.locator(".timeline")).to_contain_text("Il faut lui expliquer la suite")
    look(page, f"answer-another-way-kept-{width}", whole=True)
