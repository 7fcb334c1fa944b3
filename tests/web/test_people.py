"""Who follows, with names for who may see them; two demands compared, merged and taken apart; an incident."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.cases import Following, follow_case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
HERE = {"lon": 3.9, "lat": 43.6}


@pytest.fixture
def followed(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    reference = world.case(sessions, clock, place=given.place(**HERE))
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        who = given.contact(uow, family_name="Lopez", first_name="Rose", email="rose@exemple.fr", phone="")
        follow_case(
            uow, reference, Following(key="k", channel="desk", contact_id=who, answer_channel="email")
        )
    return reference


def test_names_are_for_who_may_see_them(log_in: Enter, followed: str) -> None:
    page = f"/console/demandes/{followed}/personnes"
    assert "Rose Lopez" in log_in("advisor").get(page).text
    masked = log_in("team_lead").get(page)
    assert masked.status_code == 200 and "Lopez" not in masked.text
    for stranger in ("neighbour", "lighting"):
        assert log_in(stranger).get(page).status_code == 404


def test_lists_and_the_page_say_how_many_follow(log_in: Enter, followed: str) -> None:
    browser = log_in("advisor")
    assert "1 personne suit" in browser.get(f"/console/demandes/{followed}").text
    assert "1 personne suit" in browser.get("/console/files/toutes").text


def test_two_demands_are_compared_merged_and_taken_apart(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, followed: str
) -> None:
    other = world.case(sessions, clock, contact_id=None, answer_channel="none", place=given.place(**HERE))
    browser, address = log_in("advisor"), f"/console/demandes/{other}/rattachement"
    assert followed in browser.get(address).text
    assert "Celle-ci s’arrête" in browser.get(address, avec=followed).text
    assert browser.get(address, avec="2026-000000-00").status_code == 422
    seen = {"seen_version": "1", "original": followed}
    refused = browser.post(address, **seen)
    assert refused.status_code == 422 and "cochez cette case" in refused.text
    assert browser.post(address, **seen, checked="1").status_code == 303
    page = browser.get(f"/console/demandes/{other}").text
    assert followed in page and "Détacher de l’autre demande" in page
    assert "2 personnes suivent" in browser.get(f"/console/demandes/{followed}").text
    apart = browser.post(f"/console/demandes/{other}/detachement", seen_version="2")
    assert apart.status_code == 303
    assert "Transmise" in browser.get(f"/console/demandes/{other}").text


def test_an_incident_is_declared_by_a_supervisor_and_said_to_agents(log_in: Enter, followed: str) -> None:
    address = f"/console/demandes/{followed}/incident"
    assert log_in("advisor").post(address, announcement="Connu", hours="4").status_code == 404
    boss = log_in("supervisor")
    refused = boss.post(address, announcement="", hours="4")
    assert refused.status_code == 422 and "Remplissez" in refused.text
    assert boss.post(address, announcement="Fuite connue.", hours="4").status_code == 303
    assert followed in boss.get("/console/files/incidents").text
    near = {"object": "trou", "category": "VOIR-01", "lon": "3.9", "lat": "43.6"}
    assert "Fuite connue." in log_in("advisor").post("/console/aides/doublons", **near).text
    ending = boss.post(f"{address}/fin")
    assert ending.status_code == 303 and ending.headers["Location"].endswith("#fin"), "told, or not, there"
    assert boss.post(f"{ending.headers['Location'].partition('#')[0]}/fin", silent="1").status_code == 303
    assert "Fuite connue." not in log_in("advisor").post("/console/aides/doublons", **near).text
