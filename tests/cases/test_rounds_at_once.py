"""Two people add to one round in the same second, on two connections."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.cases.rounds import NewRound, add_stops, make_round, one_round
from crm.foundation import SYSTEM, Conflict, FrozenClock, Invalid, Units
from tests import given
from tests.acting import in_days
from tests.own_database import own_units
from tests.servers import Servers
from tests.waiting import at_once


@pytest.fixture
def both(servers: Servers, clock: FrozenClock) -> Iterator[Units]:
    with own_units(servers.database_url, "rounds", clock) as units:
        yield units


def test_one_adds_and_the_other_is_told_then_adds(both: Units) -> None:
    with both.begin(SYSTEM) as uow:
        town = given.town(uow)
        first, one, other = (given.open_case(uow, town.book, place=given.place()) for _ in range(3))
        new = NewRound(unit_id=town.roads, day=in_days(uow, 0), stops=[(first, None)])
        round_id = make_round(uow, new).id

    def add(reference: str) -> str:
        try:
            with both.begin(SYSTEM) as uow:
                add_stops(uow, round_id, [(reference, None)], seen_version=1)
        except Conflict:
            return reference
        return ""

    (late,) = filter(None, at_once(add, one, other))
    with both.begin(SYSTEM) as uow:
        add_stops(uow, round_id, [(late, None)], seen_version=2)
    with both.reading() as session:
        card, stops = one_round(session, SYSTEM, round_id)
    early = other if late == one else one
    assert [stop.wanted.reference for stop in stops] == [first, early, late]
    assert ([stop.place for stop in stops], card.version) == ([1, 2, 3], 3)


def test_two_rounds_of_the_same_demands_are_not_made_in_the_same_second(both: Units) -> None:
    with both.begin(SYSTEM) as uow:
        town = given.town(uow)
        shared = (given.open_case(uow, town.book, place=given.place()), None)
        day = in_days(uow, 0)

    def make(name: str) -> dict[str, str]:
        try:
            with both.begin(SYSTEM) as uow:
                make_round(uow, NewRound(unit_id=town.roads, day=day, stops=[shared], name=name, plans=False))
        except Invalid as refusal:
            return refusal.fields
        return {}

    assert sorted(map(str, at_once(make, "A", "B"))) == ["{'stops': 'in_another_round'}", "{}"]
    with both.begin(SYSTEM) as uow:
        asked = NewRound(unit_id=town.roads, day=day, stops=[shared], again={shared}, plans=False)
        assert make_round(uow, asked).left_out == 0
