"""T05: « fils électriques qui pendent »: said at once, noted, urgent, on nobody's map until it is safe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from crm.foundation import SYSTEM
from tests.acting import act
from tests.journeys.azerty import Azerty
from tests.journeys.calls import facts_of
from tests.journeys.house import House
from tests.journeys.looking import settled

Visit = Callable[..., Page]


def _public(page: Page, reference: str) -> list[dict[str, Any]]:
    """As anybody's map asks for it."""
    answer = page.request.get(f"/open311/v2/requests.json?service_request_id={reference}")
    assert answer.ok
    return list(answer.json())


def test_hanging_wires_are_heard_noted_urgent_and_not_public_until_safe(visit: Visit, house: House) -> None:
    page = visit("karim")
    hands = Azerty(page)
    # the sentence to say stands there while the words are typed; F9 keeps that it was said
    hands.type("fils électriques qui pendent au lampadaire")
    strip = page.locator("#danger-zone [data-danger=ELEC]")
    expect(strip).to_contain_text("112")
    expect(strip).to_contain_text("Restez à plus de cinq mètres")
    hands.press("F9")
    expect(page.locator("[name=danger_said]")).to_be_checked()
    page.locator("details.other-categories summary").click()
    page.select_option("#any_category", "ECLA-01")
    page.locator("#place").press_sequentially(house.place("public"))
    page.locator("[role=option]").first.click()
    page.select_option("#answer_channel", "none")
    settled(page)
    hands.ctrl_enter()
    page.wait_for_url("**/enregistree")
    case = house.case(page.url.split("/")[-2])
    assert case.priority == 1
    (said,) = facts_of(house, case, "case.danger_said")
    assert said.data["danger"] == "ELEC"
    house.work()
    # it is on top of the unit's work, and on nobody's map
    page.goto("/console/files/urgentes")
    expect(page.locator("main")).to_contain_text(case.reference)
    resident = visit()
    assert _public(resident, case.reference) == []
    # made safe, it may be seen: the repair is still to come
    with house.wired.units.begin(SYSTEM) as uow:
        book = house.wired.rulebooks.current()
        for verb in ("accept", "secure"):
            act(uow, book, case.reference, verb)
    (shown,) = _public(resident, case.reference)
    assert shown["status"] == "open" and shown["description"] is None


def test_an_answer_that_comes_late_takes_no_danger_away(visit: Visit) -> None:
    """On a slow line answers cross: the one to « ça se » may come after the one to the whole sentence."""
    page, late = visit("karim"), list[Route]()
    asks = "**/aides/dangers"
    page.route(
        asks,
        lambda route: route.continue_() if "gaz" in (route.request.post_data or "") else late.append(route),
    )
    hands = Azerty(page)
    with page.expect_request(asks):
        hands.type("ça se")
    hands.type("nt le gaz")
    page.locator("#danger-zone [data-danger=GAZ]").wait_for()
    hands.press("F9")
    expect(page.locator("[name=danger_said]")).to_be_checked()
    with page.expect_response(asks):
        for asked in late:
            asked.continue_()
    settled(page)
    expect(page.locator("[name=danger_said]")).to_be_checked()
