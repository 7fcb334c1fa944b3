"""Restricting a demand that a service works on: it is named, kept or relieved, and nobody loses it unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.cases.rounds import NewRound, make_round
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.guests import ask_opinion, draw_key
from crm.reactions import REACTIONS
from crm.staff import Unit
from tests import given
from tests.guests.outside import asking
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
_TOLD = {"reason": "grave", "motive": "Des coups, dit la voisine."}


@pytest.fixture
def worked(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """Planned by the roads' service, with a stop of today in the round of its field agent."""
    reference = world.case(sessions, clock, CaseState.IN_PROGRESS)
    lead = given.actor("team_lead", unit=world.services["voirie"], id=world.ids["team_lead"])
    tour = NewRound(
        unit_id=world.services["voirie"],
        day=clock.at.date(),
        stops=[(reference, None)],
        agent_id=world.ids["field_agent"],
    )
    with Units(sessions, clock, REACTIONS).begin(lead) as uow:
        make_round(uow, tour)
    return reference


def _address(reference: str) -> str:
    return f"/console/demandes/{reference}/acces"


def _opens(browser: Browser, reference: str) -> bool:
    return browser.get(f"/console/demandes/{reference}").status_code == 200


def test_whoever_works_on_it_is_named_and_ticked(log_in: Enter, world: World, worked: str) -> None:
    page = log_in("advisor").get(_address(worked)).text
    assert "Voirie</legend>" in page
    assert "y passe en tournée" in page
    assert f'name="reader" value="a{world.ids["field_agent"]}" checked' in page
    assert 'value="keep" checked' in page and "<select" not in page


def test_a_service_closed_meanwhile_is_still_to_be_said_something_of(
    log_in: Enter, world: World, worked: str, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        session.execute(sa.update(Unit).where(Unit.id == world.services["voirie"]).values(is_active=False))
    page = log_in("advisor").get(_address(worked)).text
    assert "Voirie</legend>" in page and 'value="elsewhere"' in page


def test_kept_it_goes_on_with_its_round(log_in: Enter, world: World, worked: str) -> None:
    ticked = f"a{world.ids['field_agent']}"
    kept = log_in("advisor").post(_address(worked), **_TOLD, charge="keep", reader=ticked)
    assert kept.status_code == 303
    assert _opens(log_in("team_lead"), worked) and _opens(log_in("field_agent"), worked)
    assert not _opens(log_in("lighting"), worked)
    assert "Y travaillaient" not in log_in("advisor").get(f"/console/demandes/{worked}").text


def test_nothing_is_taken_from_a_service_unsaid(log_in: Enter, worked: str) -> None:
    advisor = log_in("advisor")
    refused = advisor.post(_address(worked), **_TOLD)
    assert refused.status_code == 422 and "Des coups, dit la voisine." in refused.text
    assert _opens(log_in("team_lead"), worked)


def test_a_service_that_closes_as_it_is_chosen_is_refused_at_its_box(
    log_in: Enter, world: World, worked: str, sessions: Sessions
) -> None:
    browser, at = log_in("advisor"), _address(worked)
    browser.get(at)  # units are known from here on, for some seconds
    with sessions.begin() as session:
        session.execute(sa.update(Unit).where(Unit.id == world.services["eclairage"]).values(is_active=False))
    other = {"charge": "elsewhere", "more_elsewhere_text": "ECLAIRAGE public"}
    answer = browser.post(at, **_TOLD, **other)
    assert answer.status_code == 422 and 'href="#elsewhere"' in answer.text


def test_entrusted_elsewhere_the_others_are_told_to_have_lost_it(
    log_in: Enter, world: World, worked: str
) -> None:
    advisor, lead = log_in("advisor"), log_in("team_lead")
    gone = {"concerned": f"u{world.services['voirie']}"}
    still = advisor.post(_address(worked), **_TOLD, **gone, charge="keep")
    assert still.status_code == 422 and "mis en cause" in still.text
    other = {"charge": "elsewhere", "more_elsewhere_text": "ECLAIRAGE public"}
    taken = advisor.post(_address(worked), **_TOLD, **gone, **other)
    assert taken.status_code == 303
    said = advisor.get(taken.location).text
    assert "ne la lisent plus" in said and "Voirie" in said
    assert _opens(log_in("lighting"), worked) and not _opens(lead, worked)
    assert not _opens(log_in("field_agent"), worked)


def test_lost_by_its_service_it_says_so_as_long_as_it_lasts(log_in: Enter, worked: str) -> None:
    advisor = log_in("advisor")
    assert advisor.post(_address(worked), **_TOLD, charge="supervisors").status_code == 303
    assert "Y travaillent sans pouvoir la lire" in advisor.get(_address(worked)).text
    assert "Voirie" in advisor.get(f"/console/demandes/{worked}").text
    assert not _opens(log_in("team_lead"), worked)


def test_a_link_sent_outside_is_named_and_opens_nothing_any_more(
    log_in: Enter, world: World, worked: str, sessions: Sessions, clock: FrozenClock, stranger: Browser
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        link = f"/invite/{draw_key(uow, ask_opinion(uow, worked, asking(uow)))}"
    assert stranger.get(link).status_code == 200
    advisor = log_in("advisor")
    before = advisor.get(_address(worked)).text
    assert "qui en montre un extrait" in before and "Eaux de la Haute-Rive" in before
    said = advisor.post(_address(worked), **_TOLD, charge="keep")
    told = advisor.get(said.location).text
    assert "Leur lien ne s’ouvre plus" in told and "Eaux de la Haute-Rive" in told
    assert "L’eau affleure" not in stranger.get(link).text
    assert "qui en montre un extrait" not in advisor.get(_address(worked)).text


def test_a_file_taken_away_is_a_reading_of_each(log_in: Enter, worked: str) -> None:
    advisor, boss = log_in("advisor"), log_in("supervisor")
    advisor.post(_address(worked), **_TOLD, charge="keep")
    for form in ("csv", "xlsx"):
        assert boss.get(f"/console/files/toutes/export.{form}").status_code == 200
        assert boss.get(f"/console/files/a-qualifier/export.{form}").status_code == 200  # it is not in there
        log_in("lighting").get(f"/console/files/toutes/export.{form}")
    assert _readings(advisor.get(_address(worked)).text) == 2


def _readings(page: str) -> int:
    found = re.search(r"Lectures <span class=.muted num.>(\d+)", page)
    assert found is not None
    return int(found[1])


def test_names_are_found_by_typing(log_in: Enter, world: World, worked: str) -> None:
    advisor = log_in("advisor")
    found = advisor.get(f"{_address(worked)}/qui", q="ecl metr").get_json()["items"]
    assert [one["value"] for one in found] == [f"u{world.services['eclairage']}"]
    people = advisor.get(f"{_address(worked)}/qui", q="belk").get_json()["items"]
    assert people and {one["value"][0] for one in people} == {"a"}
    only = advisor.get(f"{_address(worked)}/qui", q="belk", services="1").get_json()["items"]
    assert only == []
    typed = advisor.post(_address(worked), **_TOLD, charge="keep", more_reader_text="Personne de ce nom")
    assert typed.status_code == 422 and "Personne de ce nom" in typed.text
