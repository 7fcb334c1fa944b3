"""Restricting a demand from the keyboard: whoever works on it stays, a name is typed, nobody is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.foundation import SYSTEM
from tests import given
from tests.journeys.calls import surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


@pytest.fixture
def worked(house: House) -> str:
    with house.wired.units.begin(SYSTEM) as uow:
        book = house.wired.rulebooks.current()
        told = {"answer_channel": "none", "place": given.place("99001"), "object": surname("Des coups ")}
        return given.open_case(uow, book, CaseState.IN_PROGRESS, contact_id=None, **told)


def test_who_reads_it_is_picked_by_typing_and_sent_by_ctrl_enter(
    house: House, visit: Visit, worked: str
) -> None:
    page = visit("karim")
    page.goto(f"/console/demandes/{worked}/acces")
    expect(page.get_by_role("radio", name="Il la garde et la lit")).to_be_checked()
    page.get_by_role("radio", name="Faits graves").focus()
    page.keyboard.press("Space")
    page.get_by_role("textbox", name="Motif").focus()
    page.keyboard.type("Des coups, dit la voisine.")
    box = page.get_by_role("combobox", name="Qui la lit")
    box.focus()
    page.keyboard.type("éclai")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    picked = page.locator("#reader-list input:checked")
    expect(picked.last).to_be_checked()
    expect(box).to_have_value("")
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        no_fault(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        look(page, f"restrict-{width}", whole=True)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Rien ne part automatiquement à l’usager")).to_be_visible()
    look(page, "restricted-320", whole=True)
    no_fault(page)
