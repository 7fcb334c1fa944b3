"""The bell, the list behind it, what one wants to be told; who is on call."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, case_by_id
from crm.foundation import PARIS, SYSTEM, FrozenClock, Sessions, Settings, Units
from crm.promises import call_out, choices_of, tell
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]


@pytest.fixture
def units_here(sessions: Sessions, clock: FrozenClock) -> Units:
    return Units(sessions, clock, REACTIONS)


@pytest.fixture
def told(world: World, sessions: Sessions, clock: FrozenClock, units_here: Units) -> str:
    """The lead of the roads was told that a date is near."""
    reference = world.case(sessions, clock)
    with units_here.begin(SYSTEM) as uow:
        case_id = _id(uow.session, reference)
        tell(uow, [world.ids["team_lead"]], "resolution_nearly", case_id, clock.now())
    return reference


def _id(session: Session, reference: str) -> int:
    return session.scalars(sa.select(Case.id).where(Case.reference == reference)).one()


def test_the_bell_counts_what_was_not_read_and_the_list_says_it(log_in: LogIn, told: str) -> None:
    browser = log_in("team_lead")
    assert 'data-bell="1"' in browser.get("/console/files/toutes").text
    page = browser.get("/console/notifications").text
    assert "L’échéance approche" in page and told in page
    assert 'data-bell="1"' in browser.get("/console/notifications/cloche").text
    browser.post("/console/notifications/lues")
    assert 'data-bell="0"' in browser.get("/console/notifications/cloche").text
    assert "Aucune notification" in browser.get("/console/notifications?etat=non-lues").text


def test_nobody_reads_anothers(log_in: LogIn, told: str) -> None:
    browser = log_in("lighting")
    assert told not in browser.get("/console/notifications").text
    browser.post("/console/notifications/lues")
    assert 'data-bell="1"' in log_in("team_lead").get("/console/notifications/cloche").text


def test_each_one_says_what_and_how(log_in: LogIn, world: World, sessions: Sessions) -> None:
    browser, address = log_in("team_lead"), "/console/notifications/preferences"
    assert "mises en sécurité ne se coupent pas" in browser.get(address).text
    asked = {"mail": "daily", "wanted": ["resolution_due"], "quiet_from": "19", "quiet_until": "7"}
    assert browser.post(address, **asked).status_code == 303
    with sessions() as session:
        me = world.ids["team_lead"]
        chosen = choices_of(session, {me})[me]
    assert (chosen.mail, chosen.quiet_from, chosen.quiet_until) == ("daily", 19, 7)
    assert not chosen.wants("resolution_half") and chosen.wants("resolution_due")
    assert chosen.wants("urgent_called") and chosen.wants("silence_nears"), "nor what the law decides for us"
    assert browser.post(address, **{**asked, "quiet_from": "26"}).status_code == 422


def test_an_emergency_is_taken_from_the_list(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock, units_here: Units
) -> None:
    reference = world.case(sessions, clock)
    with units_here.begin(SYSTEM) as uow:
        case = case_by_id(uow.session, _id(uow.session, reference))
        call_out(uow, Settings().centre, case.id, by_sms=False)
    browser = log_in("team_lead")
    assert "Pris en charge" in browser.get("/console/notifications").text
    taken = browser.post(f"/console/demandes/{reference}/urgence")
    assert taken.status_code == 303
    assert "Mise en sécurité prise en charge." in browser.get(f"/console/demandes/{reference}").text


def test_a_lead_plans_who_is_on_call(log_in: LogIn, world: World) -> None:
    browser = log_in("team_lead")
    assert "Prévoir une astreinte" in browser.get("/console/astreintes").text
    unit, agent = world.services["voirie"], world.ids["field_agent"]
    asked = {
        "agent_id": str(agent),
        "phone": "06 39 98 00 12",
        "starts_at": "2026-09-18T18:00",
        "ends_at": "2026-09-21T08:00",
        "weeks": "2",
    }
    assert browser.post(f"/console/astreintes/{unit}", **asked).status_code == 303
    page = browser.get("/console/astreintes").text
    assert page.count("Karim Belkacem, ") >= 2
    wrong = browser.post(f"/console/astreintes/{unit}", **{**asked, "ends_at": ""})
    assert wrong.status_code == 422 and "Remplissez" in wrong.text
    other = browser.post(f"/console/astreintes/{world.services['eclairage']}", **asked)
    assert other.status_code == 404


def test_somebody_of_another_unit_is_on_call_and_sees_its_demands_meanwhile(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    unit = world.services["voirie"]
    lent, reference = log_in("lighting"), world.case(sessions, clock)
    assert lent.get(f"/console/demandes/{reference}").status_code == 404
    page = log_in("supervisor").get(f"/console/astreintes?service={unit}").text
    offered = re.search(rf'<option value="{world.ids["lighting"]}">([^<]+)<', page)
    assert offered and "(Éclairage" in offered[1]
    now = datetime.now(PARIS)
    asked = {
        "agent_id": str(world.ids["lighting"]),
        "starts_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "weeks": "1",
    }
    assert log_in("team_lead").post(f"/console/astreintes/{unit}", **asked).status_code == 303
    assert lent.get(f"/console/demandes/{reference}").status_code == 200
    with sessions() as session:
        session.execute(sa.text("UPDATE on_call_shifts SET ends_at = now() - interval '1 minute'"))
        session.commit()
    assert lent.get(f"/console/demandes/{reference}").status_code == 404
