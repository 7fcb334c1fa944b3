"""T07 where there is no network: the page opens, what is pressed waits in the telephone and leaves once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect

from crm.attachments import file_bytes, files_of_case
from crm.cases import CaseState
from crm.foundation import SYSTEM, EventRow
from tests import given
from tests.attachments import pictures
from tests.journeys.house import House
from tests.journeys.telephone import cut_off, keeps
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
PHONE = {"width": 360, "height": 740}
# The photos are in it: it stays in the browser.
_REMEMBER = """() => new Promise((done) => { const asked = indexedDB.open("ground", 1);
  asked.onsuccess = () => { const all = asked.result.transaction("saves").objectStore("saves").getAll();
  all.onsuccess = () => {
    asked.result.close(); [window.remembered] = all.result; done(all.result.length); }; };
})"""
_PUT_BACK = """() => new Promise((done) => { const asked = indexedDB.open("ground", 1);
  asked.onsuccess = () => { const all = asked.result.transaction("saves", "readwrite");
  all.objectStore("saves").put(window.remembered);
  all.oncomplete = () => { asked.result.close(); done(); }; }; })"""


@pytest.fixture
def mailbox() -> str:
    return f"{uuid4().hex}@usagers.example"


@pytest.fixture
def reference(house: House, mailbox: str) -> str:
    """Wires that hang out of a lamp post of the Eastern sector, taken in hand this morning."""
    wired = house.wired
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, email=mailbox)
        spot = {"sector_code": "99001-EST", "label": "14 rue des Lilas, Rivebois", "lon": 3.9, "lat": 43.6}
        told = {"contact_id": who, "answer_channel": "email", "place": given.place("99001", **spot)}
        book = wired.rulebooks.current()
        return given.open_case(uow, book, CaseState.IN_PROGRESS, **told, category_code="ECLA-01")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As a telephone takes it: where and when are in the file."""
    file = tmp_path / "trappe.jpg"
    file.write_bytes(pictures.photo(1600, 1200, turned=True))
    return file


def _facts(house: House, reference: str, kind: str) -> int:
    case_id = house.case(reference).id
    wanted = sa.select(sa.func.count()).where(EventRow.kind == kind, EventRow.subject_id == case_id)
    with house.wired.units.reading() as session:
        return session.scalar(wanted) or 0


def _pictures(house: House, reference: str) -> list[Image.Image]:
    with house.wired.units.reading() as session:
        files = files_of_case(session, house.case(reference).id)
        return [Image.open(BytesIO(file_bytes(session, house.wired.storage, file))) for file in files]


def test_made_safe_without_network_then_sent_twice(
    visit: Visit, house: House, reference: str, mailbox: str, photo: Path
) -> None:
    place = f"/console/terrain/{reference}"
    phone = visit("diego", has_touch=True)
    phone.set_viewport_size(PHONE)
    phone.goto("/console/terrain")
    keeps(phone, place)
    cut_off(phone, place)
    expect(phone.get_by_text("Sans réseau.")).to_be_visible()
    assert "Diallo" not in phone.locator("main").inner_text()
    phone.set_input_files("#before", str(photo))
    phone.set_input_files("#files", str(photo))
    phone.fill("#note", "Trappe refermée, fils isolés.")
    phone.get_by_text("Mis en sécurité", exact=True).click()
    phone.fill("#planned_on", "2027-01-05")
    phone.get_by_role("button", name="Mis en sécurité : envoyer").click()
    expect(phone.get_by_role("heading", name="1 envoi en attente")).to_be_visible()
    phone.goto("/console/terrain")
    expect(phone.locator(f"a[href='{place}']")).to_contain_text("Attend d’être envoyé")
    assert faults_of(phone, "/console/terrain") == []
    assert phone.evaluate(_REMEMBER) == 1
    assert house.case(reference).made_safe_at is None
    phone.context.set_offline(False)
    expect(phone.locator("[data-field-said]")).to_contain_text("c’est enregistré")
    expect(phone.locator("[data-field-queue]")).to_be_hidden()
    # the answer was lost on the way: the telephone sends the very same again
    phone.evaluate(_PUT_BACK)
    phone.reload()
    expect(phone.locator("[data-field-said]")).to_contain_text("c’est enregistré")
    case = house.case(reference)
    assert (_facts(house, reference, "case.secured"), case.state) == (1, CaseState.SCHEDULED)
    assert all(not picture.getexif() for picture in _pictures(house, reference))
    house.work()
    told = house.mail(mailbox, "danger")
    assert "est écarté depuis le" in told and "5 janvier" in told
    assert phone.request.post(f"/console/demandes/{reference}/reponse").status in (400, 403)


def test_logging_out_leaves_no_page_behind(visit: Visit, house: House, reference: str) -> None:
    phone = visit("diego", has_touch=True)
    phone.set_viewport_size(PHONE)
    phone.goto("/console/terrain")
    keeps(phone, f"/console/terrain/{reference}")
    phone.locator("details.me summary").click()
    phone.get_by_role("button", name="Se déconnecter").click()
    phone.wait_for_url("**/login**")
    assert phone.evaluate("caches.keys()") == []
