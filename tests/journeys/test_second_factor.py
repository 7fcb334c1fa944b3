"""A passkey made in a real browser, then shown at the door; without it, the codes that were printed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.foundation import SYSTEM
from tests import given
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault

Visit = Callable[..., Page]
_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_an_agent_protects_their_account_with_a_passkey(visit: Visit, house: House) -> None:
    """Somebody of their own: whoever else logs in here has a password alone."""
    with house.wired.units.begin(SYSTEM) as uow:
        email = given.agent(uow, "advisor")
    here = house.address.replace("127.0.0.1", "localhost")  # browsers tie no key to an IP address
    page = visit()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})["authenticatorId"]

    _password(page, here, email)
    codes = _make_a_key(page, here)
    _leave(page)
    _password(page, here, email)
    page.wait_for_url("**/login/verification")
    no_fault(page)
    look(page, "verification")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    _leave(page)

    device.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    _password(page, here, email)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("La clé n’a pas répondu")).to_be_visible()
    page.fill("#code", codes[7])
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/console/**")


def _make_a_key(page: Page, here: str) -> list[str]:
    """Returns the recovery codes."""
    page.wait_for_url("**/console/**")
    page.goto(f"{here}/console/preferences/protection")
    no_fault(page)
    look(page, "protection-own")
    page.fill("#name", "Mon portable")
    page.fill("#key-password", given.PASSWORD)
    page.get_by_role("button", name="Créer une clé d’accès").click()
    expect(page.get_by_role("heading", name="Codes de secours", level=1)).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    no_fault(page)
    look(page, "protection-codes")
    page.get_by_role("link", name="Je les ai gardés").click()
    expect(page.locator("bdi", has_text="Mon portable")).to_be_visible()
    return codes


def _leave(page: Page) -> None:
    """Once the console is there: what it still asks for must not be answered in the middle of the log-in."""
    expect(page.locator("#find")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def _password(page: Page, here: str, email: str) -> None:
    page.goto(f"{here}/login")
    page.fill("#email", email)
    page.fill("#password", given.PASSWORD)
    page.keyboard.press("Enter")
