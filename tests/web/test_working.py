"""The page of a case: each act from its button, refused with what was typed, both versions on a clash."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.interactions import Interaction
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

_OLDER = re.compile(r"avant \((\d+) lignes\)")
Enter = Callable[[str], Browser]
Open = Callable[..., str]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    """`opened(CaseState.RESOLVED, category_code="DECH-01")` → a reference."""
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _act(browser: Browser, sessions: Sessions, reference: str, act: str, **fields: str) -> int:
    seen = str(kept_case(sessions, reference).version)
    told = {"seen_version": seen, **fields}
    return browser.post(f"/console/demandes/{reference}/{act}", **told).status_code


def test_a_unit_takes_plans_asks_and_reports(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    for act, fields, state in (
        ("prise-en-charge", {}, "in_progress"),
        ("planification", {"planned_on": "2026-09-20"}, "scheduled"),
        ("mise-en-securite", {"planned_on": "2026-09-20", "report": "Barrières."}, "scheduled"),
        ("question", {"question": "Quel côté ?"}, "waiting_requester"),
        ("reprise", {}, "in_progress"),
        ("attente-partenaire", {"motive": "Concessionnaire."}, "waiting_third_party"),
        ("compte-rendu", {"outcome": "F", "report": "Rebouché.", "no_photo": "De nuit."}, "resolved"),
    ):
        assert _act(browser, sessions, reference, act, **fields) == 303, act
        assert kept_case(sessions, reference).state == state
    page = browser.get(f"/console/demandes/{reference}").text
    assert "Rebouché." in page and "Quel côté" in page


def test_the_question_leaves_with_the_reference_and_ways_to_answer(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference = opened()
    _act(log_in("team_lead"), sessions, reference, "question", question="Quel côté ?")
    with sessions() as session:
        sent = session.scalars(sa.select(Interaction).where(Interaction.kind == "question")).one()
    assert (sent.state, sent.recipient) == ("queued", "aicha.diallo@exemple.fr")
    assert reference in sent.body and "Quel côté" in sent.body and "01 99 00 00 00" in sent.body


@pytest.mark.parametrize(
    ("act", "fields", "kept"),
    [
        ("planification", {"planned_on": "2020-01-01"}, "2020-01-01"),
        ("renvoi", {"reason": "wrong_unit", "motive": ""}, "selected"),
        ("renvoi", {"reason": "parce que", "motive": "Pas nous"}, "Pas nous"),
        ("compte-rendu", {"outcome": "F", "report": " "}, "Compte rendu"),
        ("compte-rendu", {"outcome": "P", "report": "Bientôt"}, "Bientôt"),
        ("attente-partenaire", {"motive": ""}, "Remplissez"),
        ("question", {"question": ""}, "Remplissez"),
        ("planification", {"planned_on": "le 12"}, "Écrivez une date"),
    ],
)
def test_a_refused_act_keeps_what_was_typed(
    log_in: Enter, opened: Open, sessions: Sessions, act: str, fields: dict[str, str], kept: str
) -> None:
    browser, reference = log_in("team_lead"), opened(CaseState.IN_PROGRESS)
    told = {"seen_version": str(kept_case(sessions, reference).version), **fields}
    answer = browser.post(f"/console/demandes/{reference}/{act}", **told)
    assert answer.status_code == 422 and kept in answer.text
    assert kept_case(sessions, reference).state == "in_progress"


def test_a_stale_act_shows_where_the_case_is_and_keeps_the_words(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("team_lead"), opened()
    told = {"seen_version": "0", "outcome": "F", "report": "Rebouché ce matin.", "no_photo": "De nuit."}
    answer = browser.post(f"/console/demandes/{reference}/compte-rendu", **told)
    assert answer.status_code == 409
    assert "a changé pendant que vous écriviez" in answer.text and "Rebouché ce matin." in answer.text


def test_two_corrections_at_once_show_both_versions(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    first, second, reference = log_in("advisor"), log_in("supervisor"), opened()
    path = f"/console/demandes/{reference}/correction"
    seen = first.form(path)
    common = {**seen, "category": "VOIR-01", "priority": "3", "place_text": seen["place_was"], "hint": ""}
    assert first.post(path, **common, object="Deux trous", note="").status_code == 303
    clash = second.post(path, **common, object="Un très gros trou", note="")
    assert clash.status_code == 409
    assert "Deux trous" in clash.text and "Un très gros trou" in clash.text
    fresh = {**common, "seen_version": str(kept_case(sessions, reference).version)}
    assert second.post(path, **fresh, object="Un très gros trou", note="").status_code == 303
    assert kept_case(sessions, reference).object == "Un très gros trou"


def test_a_unit_has_no_button_to_close_and_the_post_is_refused(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference = opened(CaseState.RESOLVED)
    for who in ("team_lead", "field_agent"):
        browser = log_in(who)
        page = browser.get(f"/console/demandes/{reference}")
        assert page.status_code == 200 and "/reponse" not in page.text
        assert browser.get(f"/console/demandes/{reference}/reponse").status_code == 403
        fields = {"seen_version": "3", "outcome": "F", "no_answer_reason": "anonymous"}
        assert browser.post(f"/console/demandes/{reference}/reponse", **fields).status_code == 403
    assert kept_case(sessions, reference).state == "resolved"


def test_a_unit_sees_details_masked_until_it_asks_and_the_asking_is_noted(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("team_lead"), opened()
    assert "aicha.diallo@exemple.fr" not in browser.get(f"/console/demandes/{reference}").text
    assert "aicha.diallo@exemple.fr" in browser.post(f"/console/demandes/{reference}/coordonnees").text
    with sessions() as session:
        assert session.scalars(sa.select(EventRow).where(EventRow.kind == "contact.revealed")).one()


def test_entrusting_by_hand_from_the_cases_to_qualify(
    log_in: Enter, opened: Open, sessions: Sessions, world: World
) -> None:
    browser, reference = log_in("advisor"), opened(CaseState.REGISTERED)
    assert reference in browser.get("/console/files/a-qualifier").text
    unit = str(world.services["voirie"])
    assert _act(browser, sessions, reference, "affectation", unit_id=unit, motive="") == 422
    assert _act(browser, sessions, reference, "affectation", unit_id=unit, motive="Trottoir.") == 303
    assert kept_case(sessions, reference).state == "assigned"


def test_notes_cancelling_and_reopening(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser = log_in("advisor")
    reference, closed = opened(), opened(CaseState.CLOSED)
    assert _act(browser, sessions, reference, "note", text="Rappeler le syndic.") == 303
    assert "Rappeler le syndic." in browser.get(f"/console/demandes/{reference}").text
    assert _act(browser, sessions, reference, "note", text=" ") == 422
    assert _act(browser, sessions, reference, "annulation", reason="Doublon.") == 303
    assert _act(browser, sessions, closed, "reouverture", reason="came_back", motive="Revenu.") == 303
    assert [kept_case(sessions, r).state for r in (reference, closed)] == ["cancelled", "assigned"]


def test_the_whole_case_on_paper(log_in: Enter, opened: Open) -> None:
    answer = log_in("advisor").get(f"/console/demandes/{opened(CaseState.CLOSED)}/dossier.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_long_thread_shows_its_latest_lines_and_the_whole_on_demand(log_in: Enter, opened: Open) -> None:
    browser, reference = log_in("team_lead"), opened()
    for number in range(55):
        browser.post(f"/console/demandes/{reference}/note", text=f"Note n° {number} du chantier.")
    page = browser.get(f"/console/demandes/{reference}").text
    assert "Note n° 54 du" in page and "Note n° 0 du" not in page
    whole = browser.get(f"/console/demandes/{reference}", tout="1").text
    assert "Note n° 54 du" in whole and "Note n° 0 du" in whole
    assert whole.count("<time ") - page.count("<time ") == int(_OLDER.findall(page)[0])
    assert not _OLDER.findall(whole)
