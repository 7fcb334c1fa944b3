"""What a call brings besides a demand: dangers, stoppers, the caller known, an end without a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.cases.models import CaseContact
from crm.contacts import Contact
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.intake.models import Draft
from crm.interactions import Interaction
from tests.web.agents import Browser
from tests.web.test_statements import counting, in_words, statements_of

Enter = Callable[[str], Browser]
NEW = "/console/demandes/nouvelle"
__all__ = ["counting"]


def _filled(browser: Browser, **told: Any) -> dict[str, Any]:
    usual = {"object": "Un trou", "category": "VOIR-01", "insee": "99801", "place_text": "devant la poste"}
    fixed = {"answer_channel": "none", "channel": "phone", "kind": "report", "for_whom": "self"}
    return {"draft": browser.form(NEW)["draft"], **usual, **fixed, **told}


def _all(sessions: Sessions, row: Any) -> list[Any]:
    with sessions() as session:
        return list(session.scalars(sa.select(row).order_by(row.id)))


def _facts(sessions: Sessions, kind: str) -> list[EventRow]:
    return [fact for fact in _all(sessions, EventRow) if fact.kind == kind]


def test_a_danger_is_told_from_the_words_alone(log_in: Enter) -> None:
    browser = log_in("advisor")
    said = browser.post("/console/aides/dangers", q="ça sent le gaz").text
    assert "Urgence Gaz" in said and 'value="GAZ"' in said
    assert "strip" not in browser.post("/console/aides/dangers", q="mon fils a vu une borne incendie").text


def test_what_was_said_of_a_danger_keeps_its_hour(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    form = _filled(log_in("advisor"), object="odeur de gaz", danger_said="GAZ", ago_GAZ="90", seconds="170")
    log_in("advisor").post(NEW, **form)
    (said,) = _facts(sessions, "case.danger_said")
    assert said.data["danger"] == "GAZ"
    assert (clock.now() - sa.DateTime().python_type.fromisoformat(said.data["said_at"])).seconds == 90
    assert _facts(sessions, "case.danger_unsaid") == []
    assert _all(sessions, Interaction)[0].seconds == 170


def test_a_danger_nobody_spoke_of_is_kept_as_unsaid_and_raises_what_has_no_category(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    browser.post(NEW, **_filled(browser, object="ça sent le gaz", category=""))
    (case,) = _all(sessions, Case)
    assert case.priority == 1
    assert [fact.data for fact in _facts(sessions, "case.danger_unsaid")] == [{"danger": "GAZ"}]


def test_a_letter_cannot_be_told_anything_aloud(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    browser.post(NEW, **_filled(browser, object="ça sent le gaz", channel="letter"))
    assert _facts(sessions, "case.danger_unsaid") == []


def test_whoever_joins_a_known_demand_was_told_of_the_danger_too(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    browser.post(NEW, **_filled(browser))
    (case,) = _all(sessions, Case)
    mine = _filled(browser, object="un trou, ça sent le gaz", danger_said="GAZ", family_name="Ferrand")
    browser.post("/console/demandes/nouvelle/suivre", **mine, follow=case.reference)
    (said,) = _facts(sessions, "case.danger_said")
    assert said.subject_id == case.id and len(_all(sessions, Case)) == 1


def test_a_stopper_asks_for_a_motive_and_keeps_it(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _filled(browser, category="ECLA-02", q_homes_cut="yes")
    help_ = browser.post("/console/aides/competence", **form)
    assert "Enedis" in help_.text and "off_script" in help_.text
    refused = browser.post(NEW, **form)
    assert refused.status_code == 422 and "pourquoi" in refused.text
    assert _all(sessions, Case) == []
    assert browser.post(NEW, **form, off_script="Enedis dit non").status_code == 303
    (case,) = _all(sessions, Case)
    page = browser.get(f"/console/demandes/{case.reference}").text
    assert "Hors cadre, pour l’usager" in page and "Enedis dit non" in page


@pytest.mark.parametrize("role", ["beneficiary", "proxy"])
def test_for_somebody_else_both_are_known_and_the_answer_goes_to_who_asks(
    log_in: Enter, sessions: Sessions, role: str
) -> None:
    browser = log_in("advisor")
    other = {"for_whom": role, "other_name": "Fatou Diallo", "other_reach": "06 39 98 00 02"}
    told = {
        "family_name": "Diallo",
        "first_name": "Aïcha",
        "phone": "06 39 98 00 01",
        "answer_channel": "sms",
    }
    browser.post(NEW, **_filled(browser, **other, **told))
    (case,) = _all(sessions, Case)
    with sessions() as session:
        rows = session.execute(sa.select(CaseContact.contact_id, CaseContact.role)).all()
    names = {contact.id: contact.first_name for contact in _all(sessions, Contact)}
    roles = {(names[row.contact_id], row.role) for row in rows}
    assert ("Fatou", "beneficiary") in roles
    assert (("Aïcha", "proxy") in roles) == (role == "proxy")
    assert names[case.contact_id] == "Aïcha"
    page = browser.get(f"/console/demandes/{case.reference}").text
    assert "Fatou Diallo" in page and "06 39 98 00 02" in page


@pytest.mark.parametrize(
    ("told", "box"), [({"other_name": ""}, "other_name"), ({"other_reach": "au troisième"}, "other_reach")]
)
def test_somebody_else_who_cannot_be_named_or_reached_is_said_and_nothing_is_lost(
    log_in: Enter, sessions: Sessions, told: dict[str, str], box: str
) -> None:
    browser = log_in("advisor")
    answer = browser.post(
        NEW, **_filled(browser, for_whom="beneficiary", **{"other_name": "Fatou", "other_reach": "", **told})
    )
    assert answer.status_code == 422 and f'href="#{box}"' in answer.text
    assert _all(sessions, Case) == [] and _all(sessions, Contact) == []


@pytest.mark.parametrize(
    "name",
    [
        {"family_name": "Y"},
        {"family_name": "O'Brien-Lefèvre d'Œuvre"},
        {"first_name": "Aïcha"},
        {"first_name": "محمد", "family_name": "بن علي"},
        {"contact_text": "O"},
        {"contact_text": "عائشة ديالو"},
    ],
)
def test_every_name_is_a_name(log_in: Enter, sessions: Sessions, name: dict[str, str]) -> None:
    browser = log_in("advisor")
    assert browser.post(NEW, **_filled(browser, **name)).status_code == 303
    (contact,) = _all(sessions, Contact)
    typed = " ".join(name.values())
    assert f"{contact.first_name} {contact.family_name}".strip() == typed
    found = browser.post("/console/aides/usagers", q=typed).json
    assert found is not None and [item["label"] for item in found["items"]] == [typed]


def _a_known_caller(browser: Browser, sessions: Sessions) -> tuple[str, str]:
    """Someone who called about the street light of an address; their id and its place."""
    item = browser.post("/console/aides/adresses", q="12 r lilas").json["items"][0]  # type: ignore[index]
    place = {"place": item["value"], "place_text": item["label"], "insee": item["data"]["insee"]}
    form = _filled(browser, category="ECLA-01", q_mast="12-045", family_name="Diallo", **place)
    browser.post(NEW, **{**form, "phone": "06 39 98 00 01", "answer_channel": "sms"})
    return str(_all(sessions, Case)[0].contact_id), item["value"]


def test_a_known_caller_is_named_with_their_demands_place_and_channel(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    who, place = _a_known_caller(browser, sessions)
    panel = browser.post("/console/aides/usager", contact=who).text
    assert "C’est bien Diallo" in panel and "aujourd’hui" in panel
    assert f'data-usual-place="{place}"' in panel and 'data-prefers="sms"' in panel
    form = browser.get(NEW, usager=who).text
    assert '<option value="sms" selected>' in form


def test_what_was_answered_before_is_proposed_and_may_be_emptied(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    who, place = _a_known_caller(browser, sessions)
    asked = {"category": "ECLA-01", "place": place, "contact": who}
    proposed = browser.post("/console/aides/questions", **asked).text
    assert 'value="12-045"' in proposed and "déjà donné le" in proposed
    emptied = browser.post("/console/aides/questions", **asked, proposed="mast", q_mast="").text
    assert "12-045" not in emptied
    changed = browser.post("/console/aides/questions", **asked, q_mast="99").text
    assert 'value="99"' in changed and "déjà donné le" not in changed
    elsewhere = browser.post("/console/aides/questions", **{**asked, "place": "", "place_text": "ailleurs"})
    assert "12-045" not in elsewhere.text


def test_another_desk_is_told_nothing_of_a_caller(log_in: Enter, sessions: Sessions) -> None:
    who, place = _a_known_caller(log_in("advisor"), sessions)
    asked = {"category": "ECLA-01", "place": place, "contact": who}
    stranger = log_in("neighbour")
    assert "12-045" not in stranger.post("/console/aides/questions", **asked).text
    assert "Diallo" not in stranger.post("/console/aides/usager", contact=who).text


def test_a_place_in_words_is_kept_and_said_to_be_located(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    words = {"insee": "", "commune": "99801", "place_text": "derrière le vieux moulin"}
    help_ = browser.post("/console/aides/competence", **_filled(browser, **words)).text
    assert "à géolocaliser" in help_ and "derrière le vieux moulin" in help_
    assert "Choisissez l’adresse dans la liste" in help_
    browser.post(NEW, **_filled(browser, **words))
    (case,) = _all(sessions, Case)
    assert (case.insee, case.place_label, case.place_precision) == (
        "99801",
        "derrière le vieux moulin",
        "commune",
    )
    assert "à géolocaliser" in browser.get(f"/console/demandes/{case.reference}").text


def test_a_street_typed_without_choosing_is_neither_refused_nor_silent(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    words = {"insee": "", "place_text": "rue"}
    help_ = browser.post("/console/aides/competence", **_filled(browser, **words)).text
    assert "à géolocaliser" in help_ and "Je récapitule" in help_
    assert browser.post(NEW, **_filled(browser, **words)).status_code == 303
    assert _all(sessions, Case)[0].place_label == "rue"


def test_a_call_without_a_demand_keeps_its_motive(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    who, _place = _a_known_caller(browser, sessions)
    form = _filled(browser, object="elle sent le gaz", contact=who, danger_said="GAZ", seconds="45")
    browser.post("/console/brouillons/enregistrer", **form, draft_version="0", draft_tab="t", draft_save="1")
    assert len(_all(sessions, Draft)) == 1
    answer = browser.post("/console/appels/fin", **form, reason="elsewhere")
    assert answer.headers["Location"] == NEW
    assert "orienté vers un autre organisme" in browser.get(NEW).text
    call = _all(sessions, Interaction)[-1]
    assert (call.case_id, call.kind, call.reason, call.seconds) == (None, "call", "elsewhere", 45)
    assert (str(call.contact_id), call.body, call.category_code) == (who, "elle sent le gaz", "VOIR-01")
    assert _all(sessions, Draft) == []
    (ended,) = _facts(sessions, "call.ended")
    assert (ended.subject_kind, ended.subject_id) == ("interaction", call.id)
    assert ended.data["dangers_said"] == ["GAZ"] and len(_all(sessions, Case)) == 1


@pytest.mark.parametrize("reason", ["", "parce que"])
def test_a_call_ends_with_a_motive_of_ours(log_in: Enter, sessions: Sessions, reason: str) -> None:
    browser = log_in("advisor")
    answer = browser.post("/console/appels/fin", **_filled(browser, object="un mot"), reason=reason)
    assert answer.status_code == 422 and "un mot" in answer.text
    assert _all(sessions, Interaction) == []


@pytest.mark.parametrize(
    ("path", "asks", "statements"),
    [
        ("categories", {"q": "lampadaire"}, 0),
        ("dangers", {"q": "ça sent le gaz"}, 0),
        ("questions", {"category": "ECLA-01"}, 0),
        ("questions", {"category": "ECLA-01", "contact": "WHO", "place": "PLACE"}, 1),
        ("usager", {"contact": "WHO"}, 4),  # the person, their demands, their needs; who reads them
        ("competence", {"category": "ECLA-01", "place": "PLACE"}, 1),
    ],
)
def test_an_assist_costs_so_many_statements_and_no_more(
    log_in: Enter,
    sessions: Sessions,
    counting: Callable[[], object],
    path: str,
    asks: dict[str, str],
    statements: int,
) -> None:
    browser = log_in("advisor")
    who, place = _a_known_caller(browser, sessions)
    filled = {name: {"WHO": who, "PLACE": place}.get(value, value) for name, value in asks.items()}
    said = statements_of(counting, lambda: browser.post(f"/console/aides/{path}", **filled))
    frame = [line for line in said if not re.search(r"\b(agents|grants)\b", line)]  # who is logged in
    assert len(frame) <= statements, in_words(said)
