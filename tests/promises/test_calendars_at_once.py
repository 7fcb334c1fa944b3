"""Administrators change calendars in the same second, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crm.foundation import SYSTEM, Conflict, FrozenClock, Invalid, Units
from crm.promises import (
    add_calendar,
    calendar_history,
    give_calendar,
    own_calendars,
    publish_calendar,
    retire_calendar,
)
from tests import given
from tests.own_database import own_units
from tests.promises.test_own_calendars import ADMIN, MORNINGS
from tests.servers import Servers
from tests.waiting import at_once

Act = Callable[[], object]


@pytest.fixture
def both(servers: Servers, clock: FrozenClock) -> Iterator[Units]:
    with own_units(servers.database_url, "calendars", clock) as units:
        yield units


def _answer(act: Act) -> str:
    try:
        act()
    except (Conflict, Invalid) as refused:
        return refused.code
    return "done"


def test_neither_overwrites_the_other_and_no_number_is_given_twice(both: Units) -> None:
    with both.begin(SYSTEM) as uow:
        roads = given.town(uow).roads

    def add(name: str) -> int:
        with both.begin(ADMIN) as uow:
            return add_calendar(uow, name, MORNINGS, note="Été")

    one, other = at_once(add, "Collecte", "Mairie")
    assert _answer(lambda: add("collecte")) == "invalid"
    with both.reading() as session:
        assert sorted(line.version for line in own_calendars(session)) == [1, 2]
        seen = {line.id: line.version for line in own_calendars(session)}

    def publish(note: str) -> None:
        with both.begin(ADMIN) as uow:
            publish_calendar(
                uow, MORNINGS, note=note, seen_version=seen[one], calendar_id=one, name="Collecte"
            )

    notes = [lambda: publish("Une"), lambda: publish("Deux")]
    assert sorted(at_once(_answer, *notes)) == ["conflict", "done"]

    def give() -> None:
        with both.begin(ADMIN) as uow:
            give_calendar(uow, roads, other, seen_id=None)

    def retire() -> None:
        with both.begin(ADMIN) as uow:
            retire_calendar(uow, other)

    assert sorted(at_once(_answer, give, retire)) in (["conflict", "done"], ["done", "invalid"])
    with both.reading() as session:
        assert len(calendar_history(session, one)) == 2
        (mairie,) = [line for line in own_calendars(session) if line.id == other]
    assert bool(mairie.units) != bool(mairie.retired_at), "nobody goes by a calendar that is retired"
