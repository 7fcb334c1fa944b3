"""A photo from a resident’s telephone to the case, and back: the work done, seen by whoever may."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import Case
from tests.attachments import pictures
from tests.journeys.going import follow
from tests.journeys.house import House
from tests.journeys.looking import no_fault

Visit = Callable[..., Page]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "mât couché.jpg"
    file.write_bytes(pictures.photo(3200, 2400, turned=True))
    return file


def _settled(page: Page) -> None:
    """Pictures are there and drawn, nothing is wider than the window, and axe finds nothing."""
    page.wait_for_function("() => [...document.images].every((i) => i.complete && i.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_fault(page)


def _reported(page: Page, house: House, *photos: Path) -> str:
    """The secret of the tracking link of a hole reported with photos."""
    page.goto("/signaler")
    page.fill("#object", "Nid-de-poule profond")
    page.get_by_role("button", name="Continuer").click()
    page.locator("input[name=category][value=VOIR-01]").first.check()
    page.get_by_role("button", name="Continuer").click()
    page.fill("#place", house.place("public"))
    follow(page, page.get_by_role("button", name="Continuer"))
    if page.get_by_role("heading", name="Est-ce déjà signalé").count():
        page.get_by_role("button", name="c’est autre chose").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avez-vous une photo")
    page.set_input_files("#files", [str(photo) for photo in photos])
    page.get_by_role("button", name="Joindre et voir").click()
    expect(page.locator(".gallery img")).to_have_count(1)
    page.get_by_role("button", name="Continuer").click()
    page.locator("input[name=way][value=none]").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("main")).to_contain_text("mât couché.jpg")
    page.get_by_role("button", name="Envoyer").first.click()
    page.wait_for_url("**/signaler/recue/**")
    return page.url.rpartition("/")[2].partition("?")[0]


def _reference(house: House, token: str) -> str:
    with house.wired.sessions() as session:
        return session.scalars(sa.select(Case.reference).where(Case.public_token == token)).one()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_photo_goes_to_the_unit_and_the_work_done_comes_back(
    visit: Visit, house: House, photo: Path, tmp_path: Path, scripts: bool
) -> None:
    resident = visit(java_script_enabled=scripts)
    token = _reported(resident, house, photo)
    house.work()
    lead = visit("paul")
    lead.goto(f"/console/demandes/{_reference(house, token)}")
    expect(lead.locator("#fichiers .gallery img")).to_have_count(1)
    _settled(lead)
    done = tmp_path / "rebouché.jpg"
    done.write_bytes(pictures.photo(1600, 1200))
    box = lead.locator("details.act", has=lead.locator("summary", has_text="Rendre compte"))
    box.locator("summary").click()
    box.locator("[name=report]").fill("Le trou est rebouché.")
    box.get_by_role("button", name="Rendre compte").click()
    expect(lead.locator("aside.side")).to_contain_text("Joignez une photo du travail fait")
    box.locator("#resolve-files").set_input_files(str(done))
    expect(box.locator("[data-files-chosen] img")).to_have_count(1)
    box.locator("#resolve-public").check()
    box.get_by_role("button", name="Rendre compte").click()
    expect(lead.locator("#fichiers .gallery img")).to_have_count(2)
    _settled(lead)
    resident.goto(f"/suivi/{token}/photos")
    expect(resident.locator(".gallery img")).to_have_count(2)
    with resident.expect_download() as saved:
        resident.locator(".gallery a").first.click()
    assert saved.value.suggested_filename == "mât couché.jpg"
    if scripts:
        _settled(resident)


def test_files_are_dropped_on_the_form_and_add_up(visit: Visit, house: House, photo: Path) -> None:
    """Two photos from the desktop, one after the other, and one taken off again, before the demand leaves."""
    resident = visit()
    token = _reported(resident, house, photo)
    house.work()
    lead = visit("paul")
    at = f"/console/demandes/{_reference(house, token)}"
    lead.goto(at)
    box = lead.locator("details.act", has=lead.locator("summary", has_text="Ajouter des photos"))
    box.locator("summary").first.click()
    form = box.locator("form")
    for name, side in (("avant.jpg", 900), ("de près.jpg", 700), ("floue.jpg", 500)):
        content = base64.b64encode(pictures.photo(side, side)).decode()
        dropped = lead.evaluate_handle(_CARRIED, [name, content])
        form.dispatch_event("dragover", {"dataTransfer": dropped})
        expect(form.locator(".files-field.over")).to_have_count(1)
        form.dispatch_event("drop", {"dataTransfer": dropped})
        expect(form.locator("[data-files-chosen]")).to_contain_text(name)
    expect(form.locator(".files-field.over")).to_have_count(0)
    form.get_by_role("button", name="Retirer floue.jpg").click()
    expect(form.locator("[data-files-chosen] li")).to_have_count(2)
    form.get_by_role("button", name="Ajouter", exact=True).click()
    expect(lead.locator("#fichiers > .gallery img")).to_have_count(3)
    expect(lead.locator("#fichiers")).not_to_contain_text("floue")
    _settled(lead)


_CARRIED = """([name, content]) => {
  const carried = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  carried.items.add(new File([bytes], name, { type: "image/jpeg" }));
  return carried;
}"""
