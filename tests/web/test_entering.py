"""Entering a demand: one submit, nothing lost, one case however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from crm.cases import Case
from crm.contacts import ContactPoint
from crm.foundation import FrozenClock, Sessions
from crm.territory import Address
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
NEW = "/console/demandes/nouvelle"


def _filled(browser: Browser, **told: str) -> dict[str, str]:
    usual = {
        "draft": browser.form(NEW)["draft"],
        "object": "Un trou devant la poste",
        "category": "VOIR-01",
        "insee": "99801",
        "place_text": "devant la poste",
        "answer_channel": "none",
        "channel": "phone",
        "kind": "report",
    }
    return {**usual, **told}


def _cases(sessions: Sessions) -> list[Case]:
    with sessions() as session:
        return list(session.scalars(sa.select(Case)))


def _send(browser: Browser, **told: str) -> TestResponse:
    return browser.post(NEW, **_filled(browser, **told))


def test_a_demand_is_registered_with_the_number_that_was_said(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _filled(browser, first_name="Aïcha", family_name="Diallo", phone="06 39 98 00 01")
    answer = browser.post(NEW, **{**form, "answer_channel": "sms"})
    (case,) = _cases(sessions)
    assert answer.headers["Location"] == f"/console/demandes/{case.reference}/enregistree"
    shown = browser.get(answer.headers["Location"]).text
    year, number, check = case.reference.split("-")
    assert f"{year} · {number[:2]} {number[2:4]} {number[4:]} · {check}" in shown
    assert (case.key, case.answer_channel) == (f"form:{case.reference}", "sms")
    assert "Voirie" in shown


def test_sent_twice_or_reloaded_it_is_one_case(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _filled(browser)
    places = {browser.post(NEW, **form).headers["Location"] for _ in range(3)}
    assert len(places) == 1 and len(_cases(sessions)) == 1


def test_another_text_under_the_same_number_is_not_lost_in_silence(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _filled(browser)
    browser.post(NEW, **form)
    answer = browser.post(NEW, **{**form, "object": "Et aussi un arbre tombé"})
    assert answer.status_code == 409
    assert "déjà enregistrée" in answer.text and "Et aussi un arbre tombé" in answer.text
    assert [case.object for case in _cases(sessions)] == ["Un trou devant la poste"]


def test_who_enters_another_services_demand_is_told_its_number(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("lighting")
    answer = _send(browser)
    (case,) = _cases(sessions)
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200 and "Voirie" in page.text
    assert f'href="/console/demandes/{case.reference}"' not in page.text
    assert browser.get(f"/console/demandes/{case.reference}").status_code == 404


def test_a_number_that_nobody_reserved_is_refused(log_in: Enter, sessions: Sessions) -> None:
    assert _send(log_in("advisor"), draft="2026-000001-00").status_code == 400
    assert _cases(sessions) == []


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"object": ""}, "Remplissez cette case."),
        ({"answer_channel": "email"}, "Indiquez comment vous joindre"),
        ({"email": "aicha chez exemple", "answer_channel": "email"}, "adresse"),
        ({"received_on": "2031-01-01"}, "pas encore arrivée"),
        ({"category": "RIEN-01"}, "Choisissez dans la liste."),
        ({"hint": "x" * 501}, "500"),
    ],
)
def test_what_was_typed_is_still_there_when_it_is_refused(
    log_in: Enter, sessions: Sessions, told: dict[str, str], says: str
) -> None:
    answer = _send(log_in("advisor"), **{"place_text": "près du <pont>", "family_name": "Diallo", **told})
    assert answer.status_code == 422, answer.text
    assert says in answer.text
    assert "près du &lt;pont&gt;" in answer.text and 'value="Diallo"' in answer.text
    assert _cases(sessions) == []


def test_a_received_date_of_the_future_is_refused_not_forgotten(log_in: Enter, sessions: Sessions) -> None:
    assert _send(log_in("advisor"), received_on="2026-09-16").status_code == 422


def test_rude_text_is_shown_as_text(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    said = "<script>alert(1)</script> =HYPERLINK(1) {{ 7*7 }} \u202e"
    _send(browser, object=said)
    (case,) = _cases(sessions)
    page = browser.get(f"/console/demandes/{case.reference}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =HYPERLINK(1) {{ 7*7 }}" in page
    assert "<script>alert" not in page and "\u202e" not in page


def test_three_hundred_thousand_characters_are_taken_and_shown(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    assert _send(browser, object="é" * 300_000).status_code == 303
    (case,) = _cases(sessions)
    assert browser.get(f"/console/demandes/{case.reference}").text.count("é") > 300_000
    assert browser.get("/console/files/toutes").status_code == 200


def test_a_private_street_is_said_at_once(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    private = _private_address(sessions)
    help_ = browser.post("/console/aides/competence", **_filled(browser, place=f"a{private}"))
    assert "Voyez le syndic." in help_.text
    answer = _send(browser, place=f"a{private}")
    assert "L’usager sait à qui s’adresser." in browser.get(answer.headers["Location"]).text
    assert _cases(sessions)[0].state == "closed"


def test_the_assists_answer_to_what_is_typed(log_in: Enter, world: World) -> None:
    browser = log_in("advisor")
    labels: dict[str, Any] = {
        path: [item["label"] for item in browser.post(f"/console/aides/{path}", q=q).json["items"]]  # type: ignore[index]
        for path, q in (("categories", "lampadere"), ("adresses", "12 r lilas"), ("usagers", "personne"))
    }
    assert any("Lampadaire" in label for label in labels["categories"])
    assert any("12 rue des Lilas" in label.replace("Rue", "rue") for label in labels["adresses"])
    assert labels["usagers"] == []


def test_a_desk_has_its_commune_and_its_channel_ready(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("desk_agent")
    assert '<option value="99801" selected>' in browser.get(NEW).text
    _send(browser, channel="desk")
    (case,) = _cases(sessions)
    assert (case.origin_insee, case.insee, case.channel) == ("99801", "99801", "desk")


@pytest.mark.parametrize("who", ["neighbour", "team_lead"])
def test_a_usager_one_does_not_know_is_neither_shown_nor_written_to(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, who: str
) -> None:
    world.case(sessions, clock)
    theirs = str(_cases(sessions)[0].contact_id)
    browser = log_in(who)
    form = _filled(browser, contact=theirs, email="autre@exemple.fr", answer_channel="email")
    pages = [
        browser.get(NEW, usager=theirs).text,
        browser.post(NEW, **{**form, "object": ""}).text,
    ]
    assert not any("Diallo" in page or "06 39 98 00 01" in page for page in pages)
    assert browser.post(NEW, **form).status_code == 404
    assert len(_cases(sessions)) == 1
    with sessions() as session:
        assert session.scalar(sa.select(ContactPoint).where(ContactPoint.value == "autre@exemple.fr")) is None


def _private_address(sessions: Sessions) -> int:
    with sessions() as session:
        at = sa.select(Address.id).where(Address.insee == "99802", Address.number == 12)
        return session.scalars(at).one()
