"""A round that is there: stops come after its last one, go out; each demand tells it; two at once is said."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.cases.orders import NewOrder, ask_order, one_order
from crm.cases.rounds import (
    NewRound,
    add_stops,
    cancel_round,
    drop_stop,
    make_round,
    move_stop,
    one_round,
    stops_beside,
)
from crm.foundation import SYSTEM, Conflict, EventRow, Invalid, NotAllowed, NotFound, UnitOfWork
from tests import given
from tests.acting import in_days
from tests.given import Town

WEST, EAST = "99801-OUEST", "99801-EST"


def _pothole(uow: UnitOfWork, town: Town, lon: float, sector: str | None = WEST) -> str:
    return given.open_case(uow, town.book, place=given.place(lon=lon, lat=43.6, sector_code=sector))


def _ordered(uow: UnitOfWork, town: Town, lon: float, sector: str | None = WEST) -> tuple[str, int]:
    """Work for the roads unit on a lamp post of another's."""
    spot = given.place(lon=lon, lat=43.6, sector_code=sector)
    lamp = given.open_case(uow, town.book, category_code="ECLA-01", place=spot)
    new = NewOrder(key=uuid4().hex, unit_id=town.roads, work="Reboucher.")
    return lamp, ask_order(uow, town.book, lamp, new)


@pytest.fixture
def round_id(uow: UnitOfWork, town: Town) -> int:
    """Two stops of the western sector, put by hand in an order that is not the nearest."""
    stops = [(_pothole(uow, town, lon), None) for lon in (3.91, 3.95)]
    made = make_round(uow, NewRound(unit_id=town.roads, day=in_days(uow, 1), stops=stops, start=(3.9, 43.6)))
    move_stop(uow, made.id, _stops(uow, made.id)[1][0], by=-1, seen_version=1)
    return made.id


def _stops(uow: UnitOfWork, round_id: int) -> list[tuple[int, float | None]]:
    uow.session.flush()
    return [(stop.id, stop.wanted.lon) for stop in one_round(uow.session, SYSTEM, round_id)[1]]


def _lons(uow: UnitOfWork, round_id: int) -> list[float | None]:
    return [lon for _id, lon in _stops(uow, round_id)]


def _version(uow: UnitOfWork, round_id: int) -> int:
    uow.session.flush()
    return one_round(uow.session, SYSTEM, round_id)[0].version


def _facts(uow: UnitOfWork, reference: str) -> list[str]:
    uow.write_events()
    case_id = sa.select(Case.id).where(Case.reference == reference).scalar_subquery()
    told = sa.select(EventRow.kind).where(EventRow.subject_kind == "case", EventRow.subject_id == case_id)
    kinds = uow.session.scalars(told.order_by(EventRow.id))
    return [kind for kind in kinds if kind.endswith("_round")]


def test_what_is_added_comes_after_the_last_stop_and_is_planned(
    uow: UnitOfWork, town: Town, round_id: int
) -> None:
    far, near = _pothole(uow, town, 3.97), _pothole(uow, town, 3.92)
    lamp, number = _ordered(uow, town, 3.93)
    chosen = [(far, None), (near, None), (lamp, number)]
    made = add_stops(uow, round_id, chosen, seen_version=_version(uow, round_id))
    assert made.left_out == 0
    assert _lons(uow, round_id) == [3.95, 3.91, 3.92, 3.93, 3.97]
    assert one_order(uow.session, SYSTEM, lamp, number).planned_on == in_days(uow, 1)
    assert (_facts(uow, near), _facts(uow, lamp)) == (["case.joined_round"], ["order.joined_round"])


def test_what_is_in_it_or_another_units_is_left_out(uow: UnitOfWork, town: Town, round_id: int) -> None:
    there = one_round(uow.session, SYSTEM, round_id)[1][0].wanted.reference
    theirs = given.open_case(uow, town.book, category_code="ECLA-01")
    more = _pothole(uow, town, 3.92)
    chosen = [(there, None), (theirs, None), (more, None)]
    assert add_stops(uow, round_id, chosen, seen_version=_version(uow, round_id)).left_out == 2
    assert _lons(uow, round_id) == [3.95, 3.91, 3.92]
    with pytest.raises(Invalid) as refusal:
        add_stops(uow, round_id, chosen, seen_version=_version(uow, round_id))
    assert refusal.value.fields == {"stops": "no_stop_left"}


def test_it_holds_forty_stops_is_not_of_the_past_and_changes_for_one_at_a_time(
    uow: UnitOfWork, town: Town, round_id: int
) -> None:
    seen = _version(uow, round_id)
    more = [(_pothole(uow, town, 3.92), None) for _ in range(39)]
    with pytest.raises(Invalid) as refusal:
        add_stops(uow, round_id, more, seen_version=seen)
    assert refusal.value.fields == {"stops": "too_many_stops"}
    add_stops(uow, round_id, more[:1], seen_version=seen, plans=False)
    with pytest.raises(Conflict):
        add_stops(uow, round_id, more[1:2], seen_version=seen)
    assert len(_stops(uow, round_id)) == 3
    uow.session.execute(sa.text("UPDATE rounds SET day = :day"), {"day": in_days(uow, -1)})
    uow.session.expire_all()
    with pytest.raises(Invalid) as refusal:
        add_stops(uow, round_id, more[1:2], seen_version=_version(uow, round_id))
    assert refusal.value.fields == {"round": "round_over"}


def test_only_who_may_make_a_round_of_that_unit_changes_it(
    uow: UnitOfWork, town: Town, round_id: int
) -> None:
    more = [(_pothole(uow, town, 3.92), None)]
    uow.actor = given.actor("team_lead", unit=town.lighting)
    with pytest.raises(NotFound):
        add_stops(uow, round_id, more, seen_version=2)
    uow.actor = given.actor("field_agent", unit=town.roads)
    with pytest.raises(NotAllowed):
        add_stops(uow, round_id, more, seen_version=2)


def test_what_goes_out_is_told_and_stays_to_be_done(uow: UnitOfWork, town: Town, round_id: int) -> None:
    lamp, number = _ordered(uow, town, 3.93)
    add_stops(uow, round_id, [(lamp, number)], seen_version=_version(uow, round_id))
    last = _stops(uow, round_id)[-1][0]
    drop_stop(uow, round_id, last, seen_version=_version(uow, round_id))
    assert _lons(uow, round_id) == [3.95, 3.91]
    order = one_order(uow.session, SYSTEM, lamp, number)
    assert order.is_open and order.planned_on == in_days(uow, 1)
    assert _facts(uow, lamp) == ["order.joined_round", "order.left_round"]
    kept = one_round(uow.session, SYSTEM, round_id)[1][0].wanted.reference
    cancel_round(uow, round_id)
    assert _facts(uow, kept) == ["case.joined_round", "case.left_round"]


def test_what_is_near_a_round_is_what_nobody_goes_to(uow: UnitOfWork, town: Town, round_id: int) -> None:
    lead = given.actor("team_lead", unit=town.roads)
    free, (lamp, number) = _pothole(uow, town, 3.92), _ordered(uow, town, 3.93)
    _pothole(uow, town, 3.92, EAST)
    _ordered(uow, town, 3.92, EAST)
    given.open_case(uow, town.book, category_code="ECLA-01", place=given.place(sector_code=WEST))
    elsewhere = [(_pothole(uow, town, 3.96), None)]
    other = make_round(uow, NewRound(unit_id=town.roads, day=in_days(uow, 0), stops=elsewhere)).id

    def beside() -> set[tuple[str, int | None]]:
        uow.session.flush()
        card, _stops = one_round(uow.session, lead, round_id)
        return {(one.reference, one.number) for one in stops_beside(uow.session, lead, card, in_days(uow, 0))}

    assert beside() == {(free, None), (lamp, number)}
    cancel_round(uow, other)
    assert beside() == {(free, None), (lamp, number), elsewhere[0]}
