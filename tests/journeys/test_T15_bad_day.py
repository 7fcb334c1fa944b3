"""T15: a storm. Sessions end, places are unknown, robots answer, two people correct one demand: no word
is lost, no case doubled, nothing that a stranger typed runs. Workers and servers that die: tests/chaos."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import Case
from crm.channels import Arrival
from crm.foundation import PARIS, SYSTEM
from crm.inbox import store_inbound, understand
from crm.staff import Agent
from tests.channels.mails import RECEIVER, mail
from tests.journeys.calls import surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault
from tests.journeys.residents import up_to_photos

Visit = Callable[..., Page]
MEGABYTE = 1_000_000


@pytest.fixture
def words() -> str:
    """What a spreadsheet and a browser would run if they were let."""
    return f'=HYPERLINK("http://mal.example") <script>document.title="pris"</script> trou {uuid4().hex[:8]}'


def _registered_after_the_session_ended(page: Page, house: House, words: str, mailbox: str) -> Case:
    """Typed during a call, in a place that is on no map, under a session that ends before the last key."""
    page.fill("#object", words)
    page.locator("details.other-categories summary").click()
    page.select_option("#any_category", "VOIR-01")
    page.fill("#place", "Sentier du Bout du Monde")
    page.select_option("#commune", "99001")
    page.fill("#family_name", surname("Tempete"))
    page.fill("#email", mailbox)
    page.select_option("#answer_channel", "email")
    expect(page.locator("[data-draft-said]")).to_contain_text("Brouillon enregistré")
    with house.wired.sessions.begin() as session:
        mine = sa.update(Agent).where(Agent.email == house.accounts["karim"]["email"])
        session.execute(mine.values(session_epoch=Agent.session_epoch + 1))
    page.keyboard.press("Control+Enter")
    page.locator("#again-password").fill(house.accounts["karim"]["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/enregistree")
    with house.wired.sessions() as session:
        return session.scalars(sa.select(Case).where(Case.object == words)).one()


def _inert(page: Page, house: House, case: Case, words: str, mailbox: str) -> None:
    """Text on the screen, text in the spreadsheet, and nothing of it in what the programme writes."""
    page.goto(f"/console/demandes/{case.reference}")
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("à géolocaliser")
    assert page.locator("main script").count() == 0 and "pris" not in page.title()
    sheet = page.request.get("/console/files/toutes/export.csv").text()
    (row,) = [row for row in csv.reader(io.StringIO(sheet), delimiter=";") if words in "".join(row)]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert not [told for told in house.mails(mailbox) if "HYPERLINK" in told or "script" in told]


def _robot_answers(house: House, case: Case, mailbox: str) -> None:
    """Twice, to the mail that acknowledged: kept, and answered by nothing."""
    sent = house.mails(mailbox)
    for n in range(2):
        content = mail(
            "Je suis absente.", From=mailbox, Subject=f"Réponse automatique {case.reference}",
            Auto_Submitted="auto-replied", Message_ID=f"<{uuid4().hex}.{n}@robot.example>",
        )  # fmt: skip
        with house.wired.units.begin(SYSTEM) as uow:
            inbound = store_inbound(uow, "email", Arrival(external_id=uuid4().hex, content=content))
        with house.wired.units.begin(SYSTEM) as uow:
            understand(uow, {"email": RECEIVER}, inbound or 0)
        house.work()
    assert house.mails(mailbox) == sent


def _both_correct(visit: Visit, karim: Page, case: Case) -> None:
    helene = visit("helene")
    for page in (karim, helene):
        page.goto(f"/console/demandes/{case.reference}/correction")
    karim.fill("#hint", "devant la mare")
    karim.get_by_role("button", name="Enregistrer la correction").click()
    expect(karim.locator("main")).to_contain_text("devant la mare")
    helene.fill("#hint", "derrière le four à pain")
    helene.get_by_role("button", name="Enregistrer la correction").click()
    clash = helene.locator("main")
    expect(clash).to_contain_text("Quelqu’un a enregistré cette demande")
    expect(clash).to_contain_text("devant la mare")
    expect(helene.locator("#hint")).to_have_value("derrière le four à pain")
    no_fault(helene)
    look(helene, "storm-clash")


def test_a_storm_loses_no_word_and_doubles_no_case(visit: Visit, house: House, words: str) -> None:
    karim, mailbox = visit("karim"), f"{uuid4().hex}@usagers.example"
    case = _registered_after_the_session_ended(karim, house, words, mailbox)
    house.work()
    assert len(house.mails(mailbox)) == 1
    _inert(karim, house, case, words, mailbox)
    _robot_answers(house, case, mailbox)
    _both_correct(visit, karim, case)
    # the board tells how late it is, at the hour it is
    house.clock.at += timedelta(days=30)
    board = visit("helene")
    board.goto("/console/tableau")
    now = house.clock.at.astimezone(PARIS)
    expect(board.locator("main")).to_contain_text(re.compile(rf"Chiffres de {now.hour}\sh"))
    late = board.locator(".figures a", has_text="En retard")
    assert int(late.locator("strong").inner_text()) >= 1


def test_a_photo_that_is_none_is_refused_with_its_reason_and_the_report_goes_on(
    visit: Visit, house: House, tmp_path: Path
) -> None:
    resident = visit()
    up_to_photos(resident, "Nid-de-poule sous la pluie", "VOIR-01", house.place("public"))
    heavy = tmp_path / "tempête.heic"
    heavy.write_bytes(b"\0\0\0\x18ftypheic" + bytes(30 * MEGABYTE))
    resident.set_input_files("#files", heavy)
    resident.get_by_role("button", name="Joindre et voir").click()
    expect(resident.locator("main")).to_contain_text("tempête.heic")
    expect(resident.get_by_role("heading", level=1)).to_contain_text("Avez-vous une photo")
    no_fault(resident)
    resident.get_by_role("button", name="Continuer").click()
    expect(resident.get_by_role("heading", level=1)).not_to_contain_text("photo")
