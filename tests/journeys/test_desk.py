"""T03 and T04: a mairie's desk in its commune, and who is competent for the same hole in three places."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.interactions import Interaction
from crm.territory import Commune, Street
from tests.journeys.calls import facts_of, surname
from tests.journeys.house import House

Visit = Callable[..., Page]


def _log(
    page: Page, answers: dict[str, str] | None = None, contact: dict[str, str] | None = None, **typed: str
) -> str:
    """Fill the form as it stands without scripts; returns the reference.

    Args:
        answers: to the category's own questions, shown at once or, without scripts, after the first try.
        contact: who asks, with an e-mail to be answered at; nobody to answer without it.
    """
    page.goto("/console/demandes/nouvelle")
    page.fill("#object", typed["object"])
    page.locator("details", has=page.locator("#any_category")).locator("summary").first.click()
    page.select_option("#any_category", typed["category"])
    page.fill("#place", typed["place"])
    for name, words in (contact or {}).items():
        page.fill(f"#{name}", words)
    page.select_option("#answer_channel", "email" if contact else "none")
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
    where = house.place("public")
    reference = _log(desk, {"need": "repair"}, object="Bac cassé", category="DECH-02", place=where)
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


def _slip_road(house: House) -> str:
    """`Bretelle A99 entrée 1, Rivebois`: the State keeps it."""
    with house.wired.sessions() as session:
        named = sa.select(Street.name, Commune.name).join(Commune, Commune.insee == Street.insee)
        found = named.where(Street.name.startswith("Bretelle")).order_by(Street.id).limit(1)
        return ", ".join(session.execute(found).one())


def test_on_a_slip_road_of_the_motorway_the_demand_goes_to_its_operator_and_the_usager_knows_the_same_day(
    visit: Visit, house: House
) -> None:
    page, mailbox = visit("karim"), "hamon.bretelle@example.org"
    told = {"family_name": surname("Hamon"), "email": mailbox}
    reference = _log(page, contact=told, object="Nid-de-poule", category="VOIR-01", place=_slip_road(house))
    case = house.case(reference)
    assert (case.state, case.outcome, case.announced_due_at) == ("closed", "T", None)
    [referral] = facts_of(house, case, "case.referred")
    house.work()
    assert "Direction interdépartementale des routes" in house.mail(mailbox, reference)
    assert reference in house.mail("exploitation-routes@etat.example.org", reference)
    with house.wired.sessions() as session:
        sent = sa.select(Interaction.sent_at).where(
            Interaction.case_id == case.id, Interaction.state == "sent"
        )
        days = {moment.date() for moment in session.scalars(sent) if moment}
    assert days == {case.received_at.date()} == {referral.at.date()}
    page.goto(f"/console/demandes/{reference}")
    expect(page.locator("main")).to_contain_text("Transmis")
    # where nothing was referred, « not ours » is not an end that one picks
    near = _log(page, object="Nid-de-poule", category="VOIR-01", place=house.place("public"))
    page.goto(f"/console/demandes/{near}/reponse")
    expect(page.locator("#outcome option[value=T]")).to_have_count(0)
    assert page.locator("#outcome option").count() > 1
