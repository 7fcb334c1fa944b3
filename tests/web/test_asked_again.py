"""Usagers who ask again where it stands, and calls that made no demand: each is seen by who can act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, remind_centre
from crm.foundation import RESIDENT, SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import Call, end_call
from crm.reactions import REACTIONS
from tests import given
from tests.acting import act
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
LIST = "/console/files/relancees"


@pytest.fixture
def asked_again(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A pothole of three weeks ago whose usager asks where it stands; and another one, silent."""
    reference = world.case(sessions, clock, object="Un trou qui s’agrandit")
    world.case(sessions, clock, object="Un trou dont personne ne parle")
    clock.at += timedelta(days=21)
    with Units(sessions, clock, REACTIONS).begin(RESIDENT) as uow:
        remind_centre(uow, world.book, reference)
    return reference


@pytest.mark.parametrize("who", ["advisor", "supervisor", "desk_agent", "team_lead"])
def test_who_asks_again_is_in_a_list_of_whoever_may_act(log_in: Enter, asked_again: str, who: str) -> None:
    browser = log_in(who)
    page = browser.get(LIST).text
    assert asked_again in page and "personne ne parle" not in page
    assert 'href="/console/files/relancees" aria-current="page">Relancées <span class="num">1<' in page


def test_another_unit_does_not_see_it(log_in: Enter, asked_again: str) -> None:
    assert asked_again not in log_in("lighting").get(LIST).text


def test_it_leaves_the_list_once_somebody_does_something(
    log_in: Enter, asked_again: str, sessions: Sessions
) -> None:
    lead = log_in("team_lead")
    with sessions() as session:
        seen = session.scalars(sa.select(Case.version).where(Case.reference == asked_again)).one()
    lead.post(f"/console/demandes/{asked_again}/note", text="Vu.")
    assert asked_again in lead.get(LIST).text, "a note among us answers nobody"
    fields = {"seen_version": str(seen), "motive": "L’enrobé manque.", "due_on": "2026-11-05"}
    assert lead.post(f"/console/demandes/{asked_again}/retard", **fields).status_code == 303
    assert "Personne n’attend après une relance" in lead.get(LIST).text


def test_an_accepted_demand_is_no_longer_waited_for(
    world: World, sessions: Sessions, clock: FrozenClock, asked_again: str
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        act(uow, world.book, asked_again, "accept")
        case = uow.session.scalars(sa.select(Case).where(Case.reference == asked_again)).one()
        assert case.state == CaseState.IN_PROGRESS and case.reminder_waiting_since is None
        assert case.reminded_at is not None and case.reminder_count == 1


def test_a_call_without_a_demand_stands_on_the_sheet_and_is_counted_on_the_board(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    with Units(sessions, clock, REACTIONS).begin(given.actor("advisor", id=world.ids["advisor"])) as uow:
        who = given.contact(uow, phone="06 39 98 00 07")
        end_call(uow, Call(reason="informed", said="Jours de la déchèterie", contact_id=who, seconds=75))
        end_call(uow, Call(reason="wrong_number"))
        end_call(uow, Call(reason="wrong_number"))
    browser = log_in("supervisor")
    sheet = browser.get(f"/console/usagers/{who}").text
    assert "Appel sans demande" in sheet and "renseignement donné" in sheet and "déchèterie" in sheet
    board = browser.get("/console/tableau").text
    assert "3 appels sans demande" in board
    listed = browser.get("/console/tableau/appels", motif="informed").text
    assert listed.count("<tr>") - 1 == 1
    assert "Jours de la déchèterie" in listed and "Karim Belkacem" in listed and "01 min" not in listed
    assert browser.get("/console/tableau/appels").text.count("<tr>") - 1 == 3
    assert browser.get("/console/tableau/appels", motif="x").status_code == 404
    lead = log_in("team_lead")
    assert "appels sans demande" not in lead.get("/console/tableau").text
    assert lead.get("/console/tableau/appels").status_code == 403
    clock.at += timedelta(days=1)
    assert "Aucun appel sans demande" in browser.get("/console/tableau").text
