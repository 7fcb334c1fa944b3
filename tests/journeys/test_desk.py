"""T03 and T04: a mairie's desk in its commune, and who is competent for the same hole in three places."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.house import House

Visit = Callable[..., Page]


def _log(page: Page, answers: dict[str, str] | None = None, **typed: str) -> str:
    """Fill the form as it stands without scripts; returns the reference.

    Args:
        answers: to the category's own questions, shown at once or, without scripts, after the first try.
    """
    page.goto("/console/demandes/nouvelle")
    page.fill("#object", typed["object"])
    page.locator("details", has=page.locator("#any_category")).locator("summary").first.click()
    page.select_option("#any_category", typed["category"])
    page.fill("#place", typed["place"])
    page.select_option("#answer_channel", "none")
    send = page.get_by_role("button", name="Enregistrer et transmettre")
    if answers and page.locator("#questions select").count() == 0:
        send.click()
        expect(page.locator("main")).to_contain_text("Remplissez cette case.")
    for key, answer in (answers or {}).items():
        page.select_option(f"[name=q_{key}]", answer)
    send.click()
    page.wait_for_url("**/enregistree")
    return page.url.split("/")[-2]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_broken_bin_is_logged_at_the_desk_and_stays_in_its_commune(
    visit: Visit, house: House, scripts: bool
) -> None:
    desk = visit("nadege", java_script_enabled=scripts)
    told = {"object": "Bac cassé", "category": "DECH-02", "place": house.place("public")}
    reference = _log(desk, {"need": "repair"}, **told)
    case = house.case(reference)
    assert (case.origin_insee, case.channel, case.insee) == ("99001", "desk", "99001")
    # the neighbour guesses the address
    neighbour = visit("loic", java_script_enabled=scripts)
    for address in ("", "/correction", "/dossier.pdf"):
        answer = neighbour.goto(f"/console/demandes/{reference}{address}")
        assert answer is not None and answer.status == 404
    # the centre sees it at once
    centre = visit("karim", java_script_enabled=scripts)
    centre.goto(f"/console/demandes/{reference}")
    expect(centre.locator("h1")).to_contain_text("Bac")
    desk.goto("/console/files/toutes")
    expect(desk.locator("main")).to_contain_text(reference)


def test_a_pothole_on_a_metropolitan_street_goes_to_the_roads(visit: Visit, house: House) -> None:
    page = visit("karim")
    reference = _log(page, object="Nid-de-poule", category="VOIR-01", place=house.place("public"))
    expect(page.locator("#done")).to_contain_text("Voirie, secteur Est")
    assert house.case(reference).state == "assigned"


def test_on_a_private_street_whom_to_contact_is_said_and_nothing_promised(visit: Visit, house: House) -> None:
    page, private = visit("karim"), house.place("private", sector=None)
    reference = _log(page, object="Nid-de-poule", category="VOIR-01", place=private)
    expect(page.locator("#done")).to_contain_text("L’usager sait à qui s’adresser")
    page.goto(f"/console/demandes/{reference}")
    expect(page.locator("main")).to_contain_text("syndic")
    case = house.case(reference)
    assert (case.state, case.announced_due_at, case.unit_id) == ("closed", None, None)
