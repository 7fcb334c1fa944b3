"""Another category: what it entails is said before, confirmed, and kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, Correction, edit_case
from crm.foundation import SYSTEM, EventRow, FrozenClock, Invalid, Sessions, Units
from crm.reactions import REACTIONS
from tests import given
from tests.given import NEIGHBOUR, TOWN
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PRIVATE, PUBLIC = "DECH-02", "VOIR-01"  # a bin of somebody's; a pothole


@pytest.fixture
def private(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    told = {"category_code": PRIVATE, "place": given.place(TOWN), "answers": {"need": "broken"}}
    return world.case(sessions, clock, **told)


def _case(sessions: Sessions) -> Case:
    with sessions() as session:
        return session.scalars(sa.select(Case)).one()


def _correct(browser: Browser, sessions: Sessions, reference: str, **typed: str) -> tuple[int, str]:
    case = _case(sessions)
    form = {"object": case.object, "category": case.category_code, "place_text": case.place_label,
            "place_was": case.place_label, "hint": "", "priority": str(case.priority), "note": "",
            "seen_version": str(case.version), **typed}  # fmt: skip
    answer = browser.post(f"/console/demandes/{reference}/correction", **form)
    return answer.status_code, answer.text


def test_what_another_category_entails_is_confirmed_first(
    log_in: Enter, sessions: Sessions, private: str
) -> None:
    advisor = log_in("advisor")
    status, page = _correct(advisor, sessions, private, category=PUBLIC)
    assert status == 422 and _case(sessions).category_code == PRIVATE
    for told in (
        "Tout le monde la verra sur la carte",
        "la reçoit et peut la lire",
        "Les réponses données pour l’ancienne catégorie sont gardées",
    ):
        assert told in page
    assert f'name="confirmed" value="{PUBLIC}"' in page
    assert _correct(advisor, sessions, private, category="VOIR-02", confirmed=PUBLIC)[0] == 422  # another one
    status, _page = _correct(advisor, sessions, private, category=PUBLIC, confirmed=PUBLIC)
    after = _case(sessions)
    assert (status, after.category_code, after.answers) == (303, PUBLIC, {"need": "broken"})
    with sessions() as session:
        (fact,) = session.scalars(sa.select(EventRow).where(EventRow.kind == "case.edited"))
        assert fact.data["opens_to_all"] is True  # who opened it to anybody, and when, is kept


def test_questions_that_nobody_answered_are_named(
    world: World, log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, category_code=PUBLIC, place=given.place(TOWN))
    status, page = _correct(log_in("advisor"), sessions, reference, category=PRIVATE)
    assert status == 422 and "À demander à l’usager" in page
    assert "Tout le monde" not in page  # it closes, and opens nothing


def test_what_is_typed_with_the_category_decides_what_is_said(
    world: World, log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    world.case(sessions, clock, category_code=PUBLIC, place=given.place(TOWN))
    typed = {"category": "DECH-01", "object": "Un dépôt en feu, un blessé",
             "place_text": "", "insee": NEIGHBOUR, "lon": "3.94", "lat": "43.6"}  # fmt: skip
    status, page = _correct(log_in("advisor"), sessions, _case(sessions).reference, **typed)
    assert status == 422 and f"Service mairie-{NEIGHBOUR}" in page
    assert "La priorité devient 1" in page and "est prévenue aussitôt" in page
    assert f'value="{NEIGHBOUR}" data-fill="insee"' in page  # the place chosen is there to be confirmed
    status, page = _correct(log_in("advisor"), sessions, _case(sessions).reference, **typed, priority="1")
    assert status == 422 and "La priorité devient" not in page  # they chose it


def test_words_corrected_ask_nothing(log_in: Enter, sessions: Sessions, private: str) -> None:
    assert _correct(log_in("advisor"), sessions, private, object="Bac cassé, couvercle arraché")[0] == 303


def test_no_door_opens_a_private_matter_without_saying_so(
    world: World, sessions: Sessions, clock: FrozenClock, private: str
) -> None:
    seen = _case(sessions).version
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow, pytest.raises(Invalid) as refusal:
        edit_case(uow, world.book, private, correction=Correction(category_code=PUBLIC), seen_version=seen)
    assert refusal.value.fields == {"confirmed": "confirm_opening"}


def test_a_place_of_another_body_is_confirmed_then_transmitting_is_proposed(
    world: World, log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        body = given.unit(uow, "routes-etat", operation="external")
        refers = {"insee": NEIGHBOUR, "domain_code": "VOIR", "decision": "refer", "unit_id": body}
        given.routing(uow, {"domain_code": "VOIR", "unit_id": world.services["voirie"]}, refers)
    reference = world.case(sessions, clock, category_code=PUBLIC, place=given.place(TOWN))
    advisor = log_in("advisor")
    there = {"place_text": "", "insee": NEIGHBOUR, "lon": "3.94", "lat": "43.6"}
    status, page = _correct(advisor, sessions, reference, **there)
    assert status == 422 and ": Service routes-etat.</li>" in page
    assert _correct(advisor, sessions, reference, **there, confirmed=PUBLIC)[0] == 303
    page = advisor.get(f"/console/demandes/{reference}").text
    assert "Cette demande relève d’un autre organisme, Métropole de Rivebois." in page
    assert "un autre organisme est compétent (Service routes-etat)" in page
    page = advisor.get(f"/console/demandes/{reference}/exterieur/transmission").text
    assert f'value="{body}" selected' in page


def test_what_came_back_twice_stays_and_its_screen_says_why(
    world: World, log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, category_code=PUBLIC, place=given.place(TOWN))
    with sessions.begin() as session:
        session.execute(sa.update(Case).values(bounce_count=2))
    status, page = _correct(log_in("advisor"), sessions, reference, category="ECLA-01")
    assert status == 422 and "revenue deux fois, un superviseur décide" in page
    _correct(log_in("advisor"), sessions, reference, category="ECLA-01", confirmed="ECLA-01")
    assert (_case(sessions).category_code, _case(sessions).unit_id) == ("ECLA-01", world.services["voirie"])
