"""« 42 h prévues / 35 h »: a team lead sees how much of the week is given away, and which days weigh."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from crm.cases import CaseState, Restriction, restrict_case
from crm.cases.orders import NewOrder, OrderPlan, ask_order, plan_order
from crm.cases.rounds import weeks_of
from crm.foundation import SYSTEM, Actor, FrozenClock, Sessions, Units
from crm.staff import Unit
from tests import given
from tests.acting import act, in_days
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
LOAD = "Charge du service"
PLANNING = ("/console/tableau", "/console/tournees", "/console/files/par/secteur")


def _said(browser: Browser, path: str) -> str:
    """What a page says of the weeks, on one line."""
    page = browser.get(path).text
    part = re.search(rf"{LOAD}</h2>(.*?)</section>", page, re.DOTALL)
    told = unescape(re.sub(r"<[^>]+>", " ", part[1])) if part else ""
    return " ".join(told.replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.fixture
def roads(log_in: Enter, world: World) -> int:
    """The roads unit says its hours on its sheet: 10 a week, half an hour for what nobody measured."""
    unit_id, admin = world.services["voirie"], log_in("config_admin")
    at = f"/console/administration/services/{unit_id}"
    page = admin.get(at).text
    typed = dict(re.findall(r'<input type="\w+" name="(\w+)" id="\w+" value="([^"]*)"', page))
    owner = re.search(r'name="organization_id".*?value="(\d+)" selected', page, re.DOTALL)
    assert owner is not None
    sheet = {**typed, **admin.form(at), "operation": "in_house", "organization_id": owner[1]}
    refused = admin.post(at, **{**sheet, "weekly_minutes": "beaucoup", "usual_minutes": "0"})
    assert refused.status_code == 422 and 'value="beaucoup"' in refused.text
    assert admin.post(at, **{**sheet, "weekly_minutes": "10", "usual_minutes": "30"}).status_code == 303
    assert 'name="weekly_minutes" id="weekly_minutes" value="10"' in admin.get(at).text
    return unit_id


def _plan(
    browser: Browser, world: World, sessions: Sessions, clock: FrozenClock, day: str, minutes: str
) -> str:
    reference = world.case(sessions, clock)
    at = f"/console/demandes/{reference}"
    done = browser.post(f"{at}/planification", planned_on=day, minutes=minutes, seen_version="1")
    assert done.status_code == 303, done.text
    return reference


def test_nothing_is_shown_where_no_hours_are_said(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    lead = log_in("team_lead")
    _plan(lead, world, sessions, clock, "2026-09-16", "")
    assert [_said(lead, path) for path in PLANNING] == ["", "", ""]


def test_the_week_is_told_on_every_page_where_one_plans_and_says_when_it_is_too_full(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, roads: int
) -> None:
    lead = log_in("team_lead")
    empty = "Cette semaine 0 h prévues / 10 h Rien n’est encore planifié."
    assert _said(lead, "/console/tournees").startswith(empty)
    # when: half an hour by habit, an hour and a half because it was said; then ten hours the day after
    _plan(lead, world, sessions, clock, "2026-09-16", "")
    _plan(lead, world, sessions, clock, "2026-09-16", "90")
    for path in PLANNING:
        assert "2 h prévues / 10 h Par jour : mercredi 16 septembre (2 h)" in _said(lead, path)
        assert "dépassé" not in _said(lead, path)
    _plan(lead, world, sessions, clock, "2026-09-17", "600")
    # then: in a word, and only the day that weighs
    full = "12 h prévues / 10 h dépassé Les jours qui pèsent : jeudi 17 septembre (10 h)"
    for path in PLANNING:
        assert full in _said(lead, path), path
        assert "La semaine prochaine 0 h prévues / 10 h" in _said(lead, path)
    # and another service's lead sees nothing of it
    assert [_said(log_in("lighting"), path) for path in PLANNING] == ["", "", ""]


def test_a_round_says_how_long_each_stop_takes(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, roads: int
) -> None:
    lead, stops = log_in("team_lead"), [world.case(sessions, clock) for _ in range(3)]
    told = {"unit_id": roads, "day": "2026-09-22", "plans": "1", "case": stops}
    new = "/console/tournees/nouvelle"
    refused = lead.post(new, **told, minutes="long")
    assert refused.status_code == 422 and 'value="long"' in refused.text and LOAD in refused.text
    assert lead.post(new, **told, minutes="20").status_code == 303
    week = "La semaine prochaine 1 h prévues / 10 h Par jour : mardi 22 septembre (1 h)"
    assert week in _said(lead, "/console/tournees")
    more = world.case(sessions, clock)
    page = lead.get("/console/tournees/ajout", case=more).text
    tour = re.search(r'<option value="(\d+\.\d+)"', page)
    assert tour is not None and LOAD in page
    put = lead.post("/console/tournees/ajout", case=more, round=tour[1], plans="1", minutes="600")
    assert put.status_code == 303
    assert "11 h prévues / 10 h dépassé" in _said(lead, "/console/tournees")


def test_an_order_counts_for_whoever_owes_it_and_what_came_back_for_nobody(
    world: World, units: Units
) -> None:
    # given: both units say their hours
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    with units.begin(SYSTEM) as uow:
        for unit_id in (roads, lighting):
            uow.session.get_one(Unit, unit_id).weekly_minutes = 600
        # when: an order of the lighting unit under a case of the roads unit; another case planned, sent back
        reference = given.open_case(uow, world.book, CaseState.IN_PROGRESS)
        new = NewOrder(key="k", unit_id=lighting, work="Couper le courant")
        number = ask_order(uow, world.book, reference, new)
        uow.session.flush()
        plan = OrderPlan(planned_on=in_days(uow, 1), minutes=45)
        plan_order(uow, reference, number, plan=plan, seen_version=1)
        back = given.open_case(uow, world.book, CaseState.SCHEDULED)
        act(uow, world.book, back, "bounce")
        # and a third one, long for who had it first, planned anew by the other unit
        moved = given.open_case(uow, world.book, CaseState.IN_PROGRESS)
        act(uow, world.book, moved, "plan", minutes=600)
        act(uow, world.book, moved, "route", unit_id=lighting)
        act(uow, world.book, moved, "plan")
    # then
    assert _planned(units, lighting) == 45 + 60 and _planned(units, roads) == 0


def test_what_few_may_read_weighs_only_for_them(world: World, units: Units) -> None:
    roads = world.services["voirie"]
    with units.begin(SYSTEM) as uow:
        uow.session.get_one(Unit, roads).weekly_minutes = 600
        reference = given.open_case(uow, world.book, CaseState.SCHEDULED)
        restrict_case(uow, reference, Restriction(reason="grave", motive="Des menaces."))
    lead = given.actor("team_lead", unit=roads)
    assert _planned(units, roads, lead) == 0 and _planned(units, roads) == 60


def _planned(units: Units, unit_id: int, actor: Actor = SYSTEM) -> int:
    with units.reading() as session:
        weeks = weeks_of(session, actor, [unit_id], units.clock.now().date())
    return sum(week.planned for week in weeks)
