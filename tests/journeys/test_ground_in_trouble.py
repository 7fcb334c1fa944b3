"""A telephone whose network lies, whose position is its own, whose demand has gone, whose store is shut."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import Case, CaseState
from crm.foundation import SYSTEM
from crm.staff import Unit
from tests import given
from tests.journeys.house import House
from tests.journeys.telephone import KEPT, cut_off, keeps, until

Visit = Callable[..., Page]
LIST, DOOR = "/console/terrain", "/console/terrain/envois"
_NEARBY = {"latitude": 43.6, "longitude": 3.95}
# What stands between the telephone and us answers in our place: [what the address ends with, a status].
_BETWEEN = """const ours = fetch;
delete ServiceWorkerRegistration.prototype.sync;  // most telephones do not wake by themselves
window.fetch = (path, ...more) => {
  const [end, status] = JSON.parse(sessionStorage.between ?? '["nothing", 200]');
  return String(path).endsWith(end)
    ? Promise.resolve(new Response("<html>Bienvenue à l’hôtel", { status })) : ours(path, ...more);
};"""
_FORGOTTEN = "(path) => caches.match(path).then((found) => !found)"
_STAYS = "async (path) => (await caches.open((await caches.keys())[0])).put(path, new Response('one stop'))"
_FIRST = """(both) => {
  const [one, other] = both.map((path) => document.querySelector(`a[href="${path}"]`));
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""


@pytest.fixture
def lamp(house: House) -> Callable[[float], str]:
    """`lamp(3.9)`: the page of a dead street light at that longitude, taken in hand this morning."""

    def opened(lon: float) -> str:
        with house.wired.units.begin(SYSTEM) as uow:
            spot = {"sector_code": "99001-EST", "label": f"Rue {uuid4().hex[:6]}", "lon": lon, "lat": 43.6}
            told = {"place": given.place("99001", **spot), "category_code": "ECLA-01"}
            book = house.wired.rulebooks.current()
            return f"{LIST}/{given.open_case(uow, book, CaseState.IN_PROGRESS, **told)}"

    return opened


@pytest.fixture
def phone(visit: Visit) -> Page:
    page = visit("diego", has_touch=True, permissions=["geolocation"], geolocation=_NEARBY)
    page.add_init_script(_BETWEEN)
    return page


def _between(phone: Page, end: str, status: int) -> None:
    phone.evaluate("(told) => { sessionStorage.between = JSON.stringify(told); }", [end, status])


def _goes_elsewhere(house: House, place: str) -> None:
    reference = place.rpartition("/")[2]
    other = sa.select(sa.func.min(Unit.id)).where(Unit.id != house.case(reference).unit_id)
    with house.wired.sessions.begin() as session:
        moved = sa.update(Case).where(Case.reference == reference)
        session.execute(moved.values(unit_id=other.scalar_subquery()))


def test_a_page_that_did_not_come_makes_nothing_forgotten(phone: Page, lamp: Callable[[float], str]) -> None:
    stop = f"{LIST}/tournees/0"
    phone.goto(LIST)
    keeps(phone, LIST)
    late, last = lamp(3.9), lamp(3.9)
    _between(phone, late, 429)
    phone.reload()
    phone.evaluate(_STAYS, stop)
    keeps(phone, last)
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate(KEPT, stop)
    _between(phone, "nothing", 200)
    phone.reload()
    until(phone, _FORGOTTEN, stop)
    assert phone.evaluate(KEPT, late)


def test_sorted_where_it_is_held_back_by_a_hotel_then_gone(
    phone: Page, house: House, lamp: Callable[[float], str]
) -> None:
    far, near = lamp(3.9), lamp(3.95)
    phone.goto(LIST)
    keeps(phone, near)
    cut_off(phone, LIST)
    assert phone.evaluate(_FIRST, [far, near])
    phone.get_by_role("button", name="Par distance").click()
    phone.wait_for_function(_FIRST, arg=[near, far])
    phone.goto(near)
    # when: the network of a hotel says « 200 » to everything
    phone.context.set_offline(False)
    _between(phone, DOOR, 200)
    phone.fill("#note", "Ampoule changée.")
    phone.get_by_text("Pas de photo possible").click()
    phone.fill("#no_photo", "Nuit noire.")
    phone.get_by_role("button", name="Fait", exact=True).click()
    expect(phone.get_by_role("heading", name="1 envoi en attente")).to_be_visible()
    # then: it leaves once the network is ours, for a demand that has gone
    _goes_elsewhere(house, near)
    _between(phone, "nothing", 200)
    phone.evaluate("document.querySelector('[data-send]').click()")  # it may have left by itself meanwhile
    expect(phone.locator("[data-state]")).to_contain_text("n’est plus à votre service")
    expect(phone.locator("[data-words]")).to_have_text("Ampoule changée. — Nuit noire.")


def test_where_nothing_can_be_kept_the_form_asks_for_its_session(
    phone: Page, lamp: Callable[[float], str]
) -> None:
    phone.add_init_script("IDBFactory.prototype.open = () => { throw new Error('a private window'); };")
    phone.goto(lamp(3.9))
    phone.fill("#note", "Ampoule changée.")
    phone.context.clear_cookies()
    phone.get_by_role("button", name="Rien constaté, pas trouvé").click()
    expect(phone.locator("#session-over")).to_be_visible()
    expect(phone.locator("#note")).to_have_value("Ampoule changée.")
