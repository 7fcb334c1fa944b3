"""A round without network: it opens, what is pressed at a stop leaves once, from a telephone asleep too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import CaseState
from crm.cases.rounds import NewRound, make_round
from crm.foundation import SYSTEM, EventRow
from tests import given
from tests.journeys.house import House
from tests.journeys.telephone import cut_off, keeps
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
LIST = "/console/terrain"

_TAGS = "navigator.serviceWorker.getRegistration('/console/terrain').then((ours) => ours.sync.getTags())"
_UNASKED = "delete globalThis.ServiceWorkerRegistration?.prototype.sync"


@pytest.fixture
def stops(house: House) -> list[str]:
    """Two street lights, taken in hand this morning, the second farther than the first."""
    found = []
    with house.wired.units.begin(SYSTEM) as uow:
        for lon in (3.9, 3.91):
            spot = {"sector_code": "99001-EST", "label": f"Rue {uuid4().hex[:6]}", "lon": lon, "lat": 43.6}
            told = {"place": given.place("99001", **spot), "category_code": "ECLA-01"}
            book = house.wired.rulebooks.current()
            found.append(given.open_case(uow, book, CaseState.IN_PROGRESS, **told))
    return found


@pytest.fixture
def going(house: House, stops: list[str]) -> str:
    """The page of the telephone of today's round of these two."""
    unit_id = house.case(stops[0]).unit_id
    assert unit_id is not None
    with house.wired.units.begin(SYSTEM) as uow:
        new = NewRound(unit_id=unit_id, day=date(2026, 12, 22), stops=[(one, None) for one in stops])
        return f"{LIST}/tournees/{make_round(uow, new).id}"


def _resolved(house: House, reference: str) -> int:
    wanted = sa.select(sa.func.count()).where(
        EventRow.kind == "case.resolved", EventRow.subject_id == house.case(reference).id
    )
    with house.wired.units.reading() as session:
        return session.scalar(wanted) or 0


def _press_without_network(phone: Page, going: str, stops: list[str]) -> None:
    """The round is opened and its first stop done, all of it without network."""
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(LIST)
    keeps(phone, going, *(f"{LIST}/{stop}" for stop in stops))
    cut_off(phone, going)
    expect(phone.get_by_text("Sans réseau.")).to_be_visible()
    expect(phone.locator(".round-stops li")).to_have_count(2)
    phone.locator(".round-stops a").first.click()
    phone.wait_for_url(f"**/{stops[0]}")
    phone.fill("#note", "Ampoule changée.")
    if phone.locator("#no_photo").count():
        phone.get_by_text("Pas de photo possible ?").click()
        phone.fill("#no_photo", "Il fait nuit.")
    phone.get_by_role("button", name="Fait", exact=True).click()
    expect(phone.get_by_role("heading", name="1 envoi en attente")).to_be_visible()


def test_a_stop_done_without_network_leaves_once_when_it_is_back(
    visit: Visit, house: House, stops: list[str], going: str
) -> None:
    phone = visit("diego", has_touch=True)
    _press_without_network(phone, going, stops)
    phone.goto(going)
    expect(phone.locator(f"a[href='{LIST}/{stops[0]}']")).to_contain_text("Attend d’être envoyé")
    expect(phone.locator(f"a[href='{LIST}/{stops[1]}']")).not_to_contain_text("Attend d’être envoyé")
    assert faults_of(phone, going) == []
    assert phone.evaluate(_TAGS) == ["ground"]  # the browser is asked to wake the worker
    assert _resolved(house, stops[0]) == 0
    phone.context.set_offline(False)
    expect(phone.locator("[data-field-said]")).to_contain_text("c’est enregistré")
    expect(phone.locator("[data-field-queue]")).to_be_hidden()
    phone.reload()
    expect(phone.locator(f"a[href='{LIST}/{stops[0]}']")).to_contain_text("Fait")
    assert _resolved(house, stops[0]) == 1


def test_a_telephone_asleep_sends_when_it_is_woken(
    visit: Visit, house: House, stops: list[str], going: str
) -> None:
    phone = visit("diego", has_touch=True)
    # only what wakes the worker here may send: the browser is asked for nothing, and no page of ours is open
    phone.add_init_script(_UNASKED)
    _press_without_network(phone, going, stops)
    told = phone.context.new_cdp_session(phone)
    seen: list[dict[str, object]] = []
    told.on("ServiceWorker.workerRegistrationUpdated", lambda news: seen.extend(news["registrations"]))
    told.send("ServiceWorker.enable")
    phone.goto("about:blank")
    (ours,) = {str(one["registrationId"]) for one in seen if str(one["scopeURL"]).endswith(LIST)}
    assert _resolved(house, stops[0]) == 0
    wake = {"origin": house.address, "registrationId": ours, "tag": "ground", "lastChance": False}
    told.send("ServiceWorker.dispatchSyncEvent", wake)  # too early: what waits goes on waiting
    phone.context.set_offline(False)
    told.send("ServiceWorker.dispatchSyncEvent", wake)
    told.send("ServiceWorker.dispatchSyncEvent", wake)
    for _ in range(100):  # no page is open: only the database tells that the worker has sent
        if _resolved(house, stops[0]):
            break
        phone.wait_for_timeout(50)
    assert _resolved(house, stops[0]) == 1
    phone.goto(going)
    expect(phone.locator("[data-field-queue]")).to_be_hidden()
    expect(phone.locator(f"a[href='{LIST}/{stops[0]}']")).to_contain_text("Fait")
