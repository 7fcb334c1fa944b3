"""A round: in the order of the walk, planned for its day, changed by hand."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.cases.orders import NewOrder, OrderPlan, ask_order, one_order, plan_order
from crm.cases.rounds import (
    NewRound,
    cancel_round,
    drop_stop,
    make_round,
    move_stop,
    nearest_first,
    one_round,
    rounds_from,
)
from crm.foundation import SYSTEM, Actor, Conflict, Invalid, NotFound, UnitOfWork
from crm.staff import Agent
from tests import given
from tests.acting import act, in_days
from tests.given import Town


def test_the_walk_goes_to_the_nearest_and_what_has_no_place_comes_last() -> None:
    places = [("far", (3.95, 43.6)), ("nowhere", None), ("near", (3.901, 43.6)), ("middle", (3.92, 43.6))]
    assert nearest_first((3.9, 43.6), places) == ["near", "middle", "far", "nowhere"]
    assert nearest_first(None, places) == ["far", "middle", "near", "nowhere"]
    assert nearest_first((3.9, 43.6), []) == []


@pytest.fixture
def stops(uow: UnitOfWork, town: Town) -> list[tuple[str, int | None]]:
    """Three potholes, the first the farthest from the depot, and an order for a lamp post between them."""
    found: list[tuple[str, int | None]] = []
    for lon in (3.95, 3.91, 3.92):
        place = given.place(lon=lon, lat=43.6)
        found.append((given.open_case(uow, town.book, place=place), None))
    place = given.place(lon=3.93, lat=43.6)
    lamp = given.open_case(uow, town.book, category_code="ECLA-01", place=place)
    new = NewOrder(key=uuid4().hex, unit_id=town.roads, work="Reboucher.")
    return [*found, (lamp, ask_order(uow, town.book, lamp, new))]


def _new(uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]], **told: object) -> NewRound:
    usual = {"unit_id": town.roads, "day": in_days(uow, 1), "stops": stops, "start": (3.9, 43.6)}
    return NewRound(**{**usual, **told})  # type: ignore[arg-type]


def _places(uow: UnitOfWork, round_id: int) -> list[float | None]:
    uow.session.flush()
    return [stop.wanted.lon for stop in one_round(uow.session, SYSTEM, round_id)[1]]


def _team(uow: UnitOfWork) -> int:
    email = given.agent(uow, "field_agent", unit="voirie")
    return uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one()


def test_a_round_is_put_in_order_planned_and_followed(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]]
) -> None:
    agent_id = _team(uow)
    made = make_round(uow, _new(uow, town, stops, agent_id=agent_id, name="Est"))
    assert _places(uow, made.id) == [3.91, 3.92, 3.93, 3.95] and made.left_out == 0
    case = uow.session.scalars(sa.select(Case).where(Case.reference == stops[0][0])).one()
    assert (case.state, case.planned_on, case.accepted_by_id) == ("scheduled", in_days(uow, 1), agent_id)
    order = one_order(uow.session, SYSTEM, stops[3][0], 1)
    assert (order.planned_on, order.agent_id) == (in_days(uow, 1), agent_id)
    cards = rounds_from(uow.session, SYSTEM, in_days(uow, 0))
    assert [(card.name, card.stops) for card in cards] == [("Est", 4)]


def test_what_another_unit_has_or_is_done_is_left_out_and_said(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]]
) -> None:
    done = given.open_case(uow, town.book, CaseState.RESOLVED)
    theirs = given.open_case(uow, town.book, category_code="ECLA-01")
    made = make_round(uow, _new(uow, town, [*stops, (done, None), (theirs, None)], plans=False))
    assert made.left_out == 2 and len(_places(uow, made.id)) == 4
    case = uow.session.scalars(sa.select(Case).where(Case.reference == stops[0][0])).one()
    assert case.planned_on is None
    with pytest.raises(Invalid) as refusal:
        make_round(uow, _new(uow, town, [(theirs, None)]))
    assert refusal.value.fields == {"stops": "no_stop_left"}


def test_stops_move_and_leave_by_hand(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]]
) -> None:
    round_id = make_round(uow, _new(uow, town, stops)).id
    card, walked = one_round(uow.session, SYSTEM, round_id)
    move_stop(uow, round_id, walked[3].id, by=-1, seen_version=card.version)
    assert _places(uow, round_id) == [3.91, 3.92, 3.95, 3.93]
    with pytest.raises(Conflict):
        move_stop(uow, round_id, walked[0].id, by=1, seen_version=card.version)
    move_stop(uow, round_id, walked[0].id, by=-1, seen_version=card.version + 1)  # the first stays
    drop_stop(uow, round_id, walked[0].id, seen_version=card.version + 1)
    assert _places(uow, round_id) == [3.92, 3.95, 3.93]
    cancel_round(uow, round_id)
    uow.session.flush()
    with pytest.raises(NotFound):
        one_round(uow.session, SYSTEM, round_id)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"day": -1}, {"day": "past"}),
        ({"agent_id": 999_999}, {"agent_id": "unknown"}),
        ({"name": "x" * 81}, {"name": "too_long"}),
        ({"stops": [("2026-000001-05", None)] * 41}, {"stops": "too_many_stops"}),
    ],
)
def test_what_a_round_lacks_is_said(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]], told: dict[str, object], wrong: object
) -> None:
    if "day" in told:
        told = {"day": in_days(uow, -1)}
    with pytest.raises(Invalid) as refusal:
        make_round(uow, _new(uow, town, **{"stops": stops, **told}))  # type: ignore[arg-type]
    assert refusal.value.fields == wrong


def test_a_round_is_its_units_and_tells_nothing_of_what_left_it(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]]
) -> None:
    round_id = make_round(uow, _new(uow, town, stops)).id
    ours: Actor = given.actor("field_agent", unit=town.roads)
    theirs = given.actor("team_lead", unit=town.lighting)
    assert [card.id for card in rounds_from(uow.session, ours, in_days(uow, 0))] == [round_id]
    assert rounds_from(uow.session, theirs, in_days(uow, 0)) == []
    with pytest.raises(NotFound):
        one_round(uow.session, theirs, round_id)
    gone = uow.session.scalars(sa.select(Case).where(Case.reference == stops[0][0])).one()
    gone.unit_id = town.lighting
    uow.session.flush()
    assert [stop.is_ours for stop in one_round(uow.session, ours, round_id)[1]] == [True, True, True, False]


def test_what_stands_on_that_day_keeps_its_hour_and_its_crew_and_takes_the_time_that_is_said(
    uow: UnitOfWork, town: Town, stops: list[tuple[str, int | None]]
) -> None:
    day, (pothole, lamp) = in_days(uow, 1), (stops[0][0], stops[3][0])
    act(uow, town.book, pothole, "plan", planned_on=day)
    there = OrderPlan(planned_on=day, slot="morning", crew="Équipe 2")
    plan_order(uow, lamp, 1, plan=there, seen_version=1)
    uow.session.flush()
    known = make_round(uow, _new(uow, town, stops)).id
    order = one_order(uow.session, SYSTEM, lamp, 1)
    assert (order.slot, order.crew, order.version) == ("morning", "Équipe 2", 2), "nothing is said again"
    cancel_round(uow, known)
    uow.session.flush()
    agent_id = _team(uow)
    make_round(uow, _new(uow, town, stops, agent_id=agent_id, minutes=25))
    uow.session.flush()
    order = one_order(uow.session, SYSTEM, lamp, 1)
    assert (order.slot, order.crew, order.agent_id) == ("morning", "Équipe 2", agent_id)
    case = uow.session.scalars(sa.select(Case).where(Case.reference == pothole)).one()
    assert (case.planned_minutes, case.planned_on, case.accepted_by_id) == (25, day, agent_id)
