"""The sheet of a usager corrected, compared, merged and parted, and what each role may do of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.contacts import contact_card, declare_support, mark_failed, support_needs
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from tests import given
from tests.given import NEIGHBOUR
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PHONE = "06 39 98 00 61"


@pytest.fixture
def two(units: Units) -> tuple[int, int]:
    """The same person twice: once by telephone, once by e-mail too."""
    with units.begin(SYSTEM) as uow:
        one = given.contact(uow, family_name="Sarr", first_name="Awa", phone=PHONE, email="")
        return one, given.contact(
            uow, family_name="Sarr", first_name="Awa", phone=PHONE, email="awa@exemple.fr"
        )


def test_a_sheet_says_who_may_be_the_same_and_the_list_too(log_in: Enter, two: tuple[int, int]) -> None:
    one, other = two
    browser = log_in("supervisor")
    sheet = browser.get(f"/console/usagers/{one}").text
    assert "Peut-être la même personne" in sheet and "même nom, même téléphone" in sheet
    listed = browser.get("/console/usagers/doublons").text
    assert f"/console/usagers/{one}/fusion?avec={other}" in listed


def test_two_sheets_are_compared_merged_and_parted(
    log_in: Enter, two: tuple[int, int], world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    one, other = two
    reference = world.case(sessions, clock, contact_id=other)
    browser, address = log_in("advisor"), f"/console/usagers/{one}/fusion"
    page = browser.get(address, avec=other).text
    assert "probable" in page and "awa@exemple.fr" in page
    sent = {"other": str(other), "seen": "1", "other_seen": "1"}
    refused = browser.post(address, **sent, reason="")
    assert refused.status_code == 422 and "Remplissez" in refused.text
    assert browser.post(address, **{**sent, "seen": "7"}, reason="Elle l’a dit.").status_code == 409
    assert browser.post(address, **sent, reason="Elle l’a dit.").status_code == 303

    assert browser.get(f"/console/usagers/{other}").headers["Location"] == f"/console/usagers/{one}"
    sheet = browser.get(f"/console/usagers/{one}").text
    assert reference in sheet.replace("\u202f", " ") or reference[:4] in sheet
    assert "Elle l’a dit." in sheet and "Défaire la fusion" in sheet and "demandes (1)" in sheet

    parted = browser.post(f"/console/usagers/{other}/fusion/defaire", reason="Deux sœurs.")
    assert parted.status_code == 303 and parted.headers["Location"] == f"/console/usagers/{other}"
    assert "reste sur la fiche de" in browser.get(f"/console/usagers/{other}").text
    assert "Deux sœurs." in browser.get(f"/console/usagers/{one}").text


def test_two_told_apart_are_not_proposed_again(log_in: Enter, two: tuple[int, int]) -> None:
    one, other = two
    browser = log_in("advisor")
    assert browser.post(f"/console/usagers/{one}/distincts", other=str(other)).status_code == 303
    assert "Peut-être la même personne" not in browser.get(f"/console/usagers/{one}").text


def test_only_the_centre_merges(log_in: Enter, two: tuple[int, int]) -> None:
    one, other = two
    for who in ("desk_agent", "team_lead", "field_agent", "config_admin"):
        browser = log_in(who)
        assert browser.get(f"/console/usagers/{one}/fusion", avec=other).status_code == 404
        assert browser.post(f"/console/usagers/{one}/fusion", other=str(other)).status_code == 404
        assert browser.get("/console/usagers/doublons").status_code == 404


def test_a_name_is_corrected_on_the_sheet(log_in: Enter, two: tuple[int, int]) -> None:
    browser, sheet = log_in("advisor"), f"/console/usagers/{two[0]}"
    named = {"first_name": "Awa", "family_name": "Saar", "seen_version": "1"}
    assert browser.post(f"{sheet}/nom", **{**named, "first_name": "", "family_name": " "}).status_code == 422
    assert browser.post(f"{sheet}/nom", **named).status_code == 303
    assert "Awa Saar" in browser.get(sheet).text and PHONE in browser.get(sheet).text.replace("\u202f", " ")
    late = browser.post(f"{sheet}/nom", **{**named, "family_name": "Sar"})
    assert late.status_code == 409 and 'value="Sar"' in late.text, "what was typed is kept"


def test_ways_to_reach_are_added_preferred_failed_shared_and_withdrawn(
    log_in: Enter, two: tuple[int, int], units: Units
) -> None:
    one, _other = two
    browser, address = log_in("advisor"), f"/console/usagers/{one}"
    assert browser.post(f"{address}/moyens", email="awa2@exemple.fr").status_code == 303
    assert browser.post(f"{address}/moyens", phone="rien").status_code == 422
    with units.reading() as session:
        points = {point.kind: point.id for point in contact_card(session, one).points}
    for act in ("prefer", "failed", "sound", "failed"):
        assert browser.post(f"{address}/moyens/{points['email']}", act=act).status_code == 303
    assert browser.post(f"{address}/moyens/{points['phone']}", act="switchboard").status_code == 303
    sheet = browser.get(address).text
    assert "en échec" in sheet and "signalé par un agent" in sheet
    assert "standard" in sheet and "préféré" in sheet and "Peut-être la même" not in sheet
    assert browser.post(f"{address}/moyens/{points['email']}", act="withdraw").status_code == 303
    assert "Anciens moyens" in browser.get(address).text
    assert browser.post(f"{address}/moyens/{points['email']}", act="withdraw").status_code == 404
    assert browser.post(f"{address}/moyens/{points['phone']}", act="explode").status_code == 422


def test_needs_are_declared_shown_where_they_serve_and_withdrawn(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, units: Units
) -> None:
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone=PHONE)
    reference = world.case(sessions, clock, contact_id=who)
    browser, address = log_in("advisor"), f"/console/usagers/{who}/besoins"
    assert browser.post(address, needs="interpreter").status_code == 422
    assert browser.post(address, needs=["reading", "interpreter"], language="wolof").status_code == 303
    for page in (f"/console/usagers/{who}", f"/console/demandes/{reference}"):
        shown = browser.get(page).text
        assert "Interprète" in shown and "wolof" in shown and "Relisez à voix haute" in shown
    caller = browser.post("/console/aides/usager", contact=str(who)).text
    assert "Lit difficilement" in caller and 'data-prefers="phone"' in caller
    assert "wolof" not in log_in("team_lead").get(f"/console/demandes/{reference}").text

    assert browser.post(address).status_code == 303
    with units.reading() as session:
        assert not support_needs(session, who)


def test_wishes_and_links(log_in: Enter, two: tuple[int, int]) -> None:
    one, other = two
    browser, address = log_in("advisor"), f"/console/usagers/{one}"
    wishes = {"preferred_channel": "letter", "language": "fr", "no_surveys": "1", "seen_version": "1"}
    assert browser.post(f"{address}/souhaits", **wishes).status_code == 303
    assert browser.post(f"{address}/souhaits", **wishes).status_code == 409
    assert "d’enquête" in browser.get(address).text
    assert browser.post(f"{address}/liens", kind="acts_for", other="").status_code == 422
    assert browser.post(f"{address}/liens", kind="acts_for", other=str(other)).status_code == 303
    assert "Agit au nom de" in browser.get(address).text
    there = browser.get(f"/console/usagers/{other}/modifier").text
    assert "Se fait représenter par" in there
    link = there.split("/liens/")[1].split("/")[0]
    assert browser.post(f"/console/usagers/{other}/liens/{link}/fin").status_code == 303
    assert "jusqu’au" in browser.get(address).text


def test_a_desk_corrects_only_those_it_has_a_demand_with(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, units: Units
) -> None:
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone=PHONE)
    world.case(sessions, clock, contact_id=who, place=given.place(NEIGHBOUR))
    address = f"/console/usagers/{who}"
    assert log_in("neighbour").post(f"{address}/moyens", phone="0639980062").status_code == 303
    for path, sent in (
        ("modifier", {}),
        ("moyens", {"phone": "0639980063"}),
        ("besoins", {"needs": "carer"}),
    ):
        browser = log_in("desk_agent")
        answer = (
            browser.get(f"{address}/{path}")
            if path == "modifier"
            else browser.post(f"{address}/{path}", **sent)
        )
        assert answer.status_code == 404


def test_candidates_and_answers_say_what_does_not_serve(
    log_in: Enter, two: tuple[int, int], world: World, sessions: Sessions, clock: FrozenClock, units: Units
) -> None:
    _one, other = two
    browser = log_in("advisor")
    assert "numéro partagé" in browser.post("/console/aides/usagers", q=PHONE).text.replace("\\u00e9", "é")
    assert "numéro partagé" in browser.get("/console/recherche", q="Sarr").text
    reference = world.case(sessions, clock, contact_id=other)
    with units.begin(SYSTEM) as uow:
        mark_failed(uow, "email", "awa@exemple.fr", "mailbox_unknown")
        declare_support(uow, other, ["carer"])
    assert "en échec" in browser.get(f"/console/demandes/{reference}").text
