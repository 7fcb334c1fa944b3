"""« Moi aussi » during a call: what is near is proposed, one key joins it, and no case is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.cases.models import Watcher
from crm.foundation import FrozenClock, Sessions
from tests import given
from tests.given import NEIGHBOUR, TOWN
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
NEW, NEARBY, FOLLOW = (
    "/console/demandes/nouvelle",
    "/console/aides/doublons",
    "/console/demandes/nouvelle/suivre",
)
HERE = {"lon": 3.9, "lat": 43.6}
TYPED = {"object": "un trou dans la chaussée", "category": "VOIR-01", "lon": "3.9", "lat": "43.6"}


@pytest.fixture
def known(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock, place=given.place(**HERE))


def _followers(sessions: Sessions) -> list[Watcher]:
    with sessions() as session:
        return list(session.scalars(sa.select(Watcher).order_by(Watcher.id)))


def _count(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0


def _form(browser: Browser, **told: str) -> dict[str, str]:
    usual = {"draft": browser.form(NEW)["draft"], "channel": "phone", "kind": "report", **TYPED}
    return {**usual, "answer_channel": "phone", **told}


def test_what_is_near_is_proposed_with_distance_age_and_state(log_in: Enter, known: str) -> None:
    shown = log_in("advisor").post(NEARBY, **TYPED).text
    assert known in shown and "au même endroit" in shown and "aujourd’hui" in shown and "Transmise" in shown


def test_without_anything_near_nothing_is_shown(log_in: Enter, known: str) -> None:
    browser = log_in("advisor")
    assert browser.post(NEARBY, **{**TYPED, "lat": "43.61"}).text.strip() == ""
    assert browser.post(NEARBY, **{**TYPED, "category": "ECLA-01"}).text.strip() == ""
    assert browser.post(NEARBY, object="un trou").text.strip() == ""


def test_whoever_may_not_see_a_case_is_not_told_of_it(log_in: Enter, known: str) -> None:
    for who in ("neighbour", "lighting"):
        assert log_in(who).post(NEARBY, **TYPED).text.strip() == ""
    assert known in log_in("desk_agent").post(NEARBY, **TYPED).text


def test_joining_makes_a_follower_and_no_case(log_in: Enter, known: str, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _form(browser, follow=known, family_name="Lopez", phone="06 39 98 00 07")
    answer = browser.post(FOLLOW, **form)
    assert answer.status_code == 303 and f"{known}/suivie" in answer.headers["Location"]
    (follower,) = _followers(sessions)
    assert (follower.channel, follower.answer_channel, follower.agent_id is None) == ("phone", "phone", False)
    assert _count(sessions) == 1
    page = browser.get(answer.headers["Location"]).text
    assert "Rattachée à la demande" in page and "Une personne la suit" in page
    page = browser.get(f"/console/demandes/{known}").text
    assert "Une personne de plus suit cette demande" in page


def test_sent_twice_or_called_again_it_is_one_follower(log_in: Enter, known: str, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = _form(browser, follow=known, family_name="Lopez", phone="06 39 98 00 07")
    browser.post(FOLLOW, **form)
    browser.post(FOLLOW, **form)
    (follower,) = _followers(sessions)
    again = browser.post(FOLLOW, **_form(browser, follow=known, contact=str(follower.contact_id)))
    assert "deja=1" in again.headers["Location"]
    assert len(_followers(sessions)) == 1


def test_who_is_on_the_line_is_asked_before_a_nameless_follower_is_made(
    log_in: Enter, known: str, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _form(browser, follow=known)
    asked = browser.post(FOLLOW, **form)
    assert asked.status_code == 200 and "Dites qui elle est" in asked.text
    assert "un trou dans la chaussée" in asked.text and _followers(sessions) == []
    browser.post(FOLLOW, **{**form, "sure": "1"})
    (follower,) = _followers(sessions)
    assert (follower.contact_id, follower.answer_channel) == (None, "none")


def test_an_answer_wanted_without_any_means_is_refused_and_everything_is_kept(
    log_in: Enter, known: str, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = _form(browser, follow=known, family_name="Lopez", answer_channel="email")
    refused = browser.post(FOLLOW, **form)
    assert refused.status_code == 422 and "Lopez" in refused.text and "Indiquez comment" in refused.text
    assert _followers(sessions) == []


def test_nobody_joins_a_case_they_may_not_see(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    hidden = world.case(sessions, clock, place=given.place(NEIGHBOUR, **HERE))
    browser = log_in("desk_agent")
    assert browser.post(FOLLOW, **_form(browser, follow=hidden, family_name="Lopez")).status_code == 404
    assert browser.post(FOLLOW, **_form(browser, follow="2026-000000-00")).status_code == 422
    assert _followers(sessions) == []


def test_private_matters_are_only_compared_at_the_same_address(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    world.case(sessions, clock, category_code="DECH-01", place=given.place(**HERE))
    shown = log_in("advisor").post(NEARBY, **{**TYPED, "category": "DECH-01"})
    assert shown.text.strip() == ""


def test_what_ended_long_ago_or_was_cancelled_is_not_proposed(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    world.case(sessions, clock, CaseState.CANCELLED, place=given.place(TOWN, **HERE))
    closed = world.case(sessions, clock, CaseState.CLOSED, place=given.place(TOWN, **HERE))
    browser = log_in("advisor")
    assert closed in browser.post(NEARBY, **TYPED).text
    clock.at = clock.at.replace(day=clock.at.day + 8)
    assert browser.post(NEARBY, **TYPED).text.strip() == ""


def test_a_second_demand_for_the_same_thing_says_so_on_its_page(
    log_in: Enter, known: str, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    made = browser.post(NEW, **_form(browser, answer_channel="none"))
    reference = made.headers["Location"].split("/")[-2]
    shown = browser.get(f"/console/demandes/{reference}").text
    assert f"Demandes proches au moment de l’enregistrement\u00a0: {known}." in shown
