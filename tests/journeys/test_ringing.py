"""Two consoles are open and a call comes: the right one shows it, takes nothing away, and opens the form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.request import Request, urlopen

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.channels import sign
from crm.staff import Agent
from tests.journeys.calls import known_usager, last_call_without_case
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def as_usual(house: House) -> Iterator[None]:
    yield
    with house.wired.sessions.begin() as session:
        session.execute(sa.update(Agent).values(extension=None))


def _tell(house: House, event: str, after: int = 0) -> None:
    """As an exchange does: signed, over HTTP."""
    now = int(house.clock.now().timestamp())
    told = {"call": "T-1", "event": event, "caller": "0639980077", "agent": "4012", "at": now + after}
    body, stamp = json.dumps(told).encode(), str(now)
    secret = house.wired.settings.phone.secret.get_secret_value()
    head = {
        "webhook-id": event,
        "webhook-timestamp": stamp,
        "webhook-signature": sign(secret, event, stamp, body),
    }
    assert urlopen(Request(f"{house.address}/hooks/phone", body, head)).status == 202


def _at_their_telephone(page: Page, extension: str) -> None:
    page.goto("/console/preferences")
    page.fill("#extension", extension)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Poste téléphonique enregistré")
    page.goto("/console/files/reponses")
    expect(page.locator(".ring[data-listening]")).to_be_attached()


def test_the_right_console_shows_the_call_and_enter_opens_the_form(house: House, visit: Visit) -> None:
    known_usager(house, family_name="Diallo-Téléphone", phone="06 39 98 00 77")
    karim, helene = visit("karim"), visit("helene")
    _at_their_telephone(karim, "4012")
    _at_their_telephone(helene, "4013")
    karim.locator("#find").press_sequentially("t")  # nothing is looked for, nor said, yet
    _tell(house, "new")
    expect(karim.locator(".ring")).to_contain_text("Aïcha Diallo-Téléphone")
    expect(karim.locator("#spoken")).to_contain_text("Appel de Aïcha Diallo-Téléphone")
    assert karim.evaluate("document.activeElement.id") == "find"
    expect(karim.locator("#find")).to_have_value("t")
    expect(helene.locator(".ring")).to_be_hidden()
    no_fault(karim)
    look(karim, "ring-1366")

    karim.evaluate("document.activeElement.blur()")
    karim.keyboard.press("Enter")
    karim.wait_for_url("**/console/demandes/nouvelle?appel=*")
    expect(karim.locator("#contact")).to_have_value("Aïcha Diallo-Téléphone")
    assert karim.evaluate("document.activeElement.id") == "object"

    _tell(house, "answered", after=-130)
    _tell(house, "hung_up")
    expect(karim.locator(".ring")).to_be_hidden()  # the form itself is about this call
    karim.goto("/console/rappels")
    expect(karim.locator(".ring")).to_contain_text("Appel terminé")
    karim.set_viewport_size({"width": 320, "height": 768})
    look(karim, "ring-320")
    karim.set_viewport_size({"width": 1366, "height": 768})
    karim.locator(".ring summary.btn").click()
    karim.locator(".ring button[value=informed]").click()
    expect(karim.locator("main")).to_contain_text("Appel terminé sans demande")
    expect(karim.locator(".ring")).to_be_hidden()
    call = last_call_without_case(house)
    assert (call.reason, call.seconds) == ("informed", 130)
