"""A calendar published for a day to come: nothing moves before, what runs follows on the day, and what was
kept, told or missed stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from crm.cases import CaseState
from crm.deadlines import CalendarError, read_calendar
from crm.foundation import PARIS, SYSTEM, Conflict, FrozenClock, Invalid, NotAllowed, Units
from crm.promises import (
    add_calendar,
    bring_planned_in,
    calendar_history,
    calendar_in_force,
    give_calendar,
    own_calendars,
    planned_calendar,
    planned_calendars,
    publish_calendar,
    reckon_round,
    reckoning,
    retire_calendar,
    withdraw_planned,
)
from tests import given
from tests.deadlines.test_properties import watched_due
from tests.own_database import own_units
from tests.promises.house import Promised, paris
from tests.promises.test_own_calendars import ADMIN, MORNINGS
from tests.servers import Servers
from tests.waiting import at_once

FOUR_DAYS: dict[str, Any] = {
    "working_days": ["monday", "tuesday", "thursday", "friday"],
    "service_hours": {
        day: ["09:00-12:00", "13:00-16:00"] for day in ("monday", "tuesday", "thursday", "friday")
    },
    "opening_hours": {"monday": ["08:00-19:00"]},
    "cut_off": "15:00",
    "end_of_service": "16:00",
}
THURSDAY = date(2026, 9, 17)


def plan(promised: Promised, on: date | None = THURSDAY, **told: Any) -> int | None:
    with promised.units.begin(ADMIN) as uow:
        return publish_calendar(
            uow, FOUR_DAYS, **{"note": "Semaine de quatre jours", "seen_version": 0, "on": on, **told}
        )


def midnight(promised: Promised) -> int:
    """What the timetable, then the job of the publication, do."""
    with promised.units.begin(SYSTEM) as uow:
        brought_in = bring_planned_in(uow)
    with promised.units.begin(SYSTEM) as uow:
        assert reckon_round(uow, reckoning(uow.session)) == 0
    return brought_in


def version(promised: Promised) -> int:
    with promised.units.reading() as session:
        return calendar_in_force(session).version


def test_it_takes_effect_on_its_day_and_not_a_minute_before(promised: Promised) -> None:
    assert plan(promised) is None
    for text, before in (("2026-09-16 23:59", 0), ("2026-09-17 00:00", 1)):
        promised.at(text)
        assert midnight(promised) == before and version(promised) == before
    assert midnight(promised) == 0, "once"
    with promised.units.reading() as session:
        (line,) = calendar_history(session)
        assert planned_calendars(session) == {}
    assert (line.note, line.made_by_id, line.made_at) == (
        "Semaine de quatre jours",
        ADMIN.id,
        paris("2026-09-17 00:00"),
    )


@pytest.mark.parametrize(
    "received_on", ["2026-09-07", "2026-09-09", "2026-09-11", "2026-09-14", "2026-09-15"]
)
@pytest.mark.parametrize("begins_on", ["2026-09-16", "2026-09-17", "2026-09-18", "2026-09-21", "2026-09-23"])
def test_a_clock_that_spans_the_day_is_found_by_the_watchman_of_the_version_in_force(
    promised: Promised, received_on: str, begins_on: str
) -> None:
    """Old hours until the day; from the day on the new ones date the whole clock, and make nobody late."""
    received_at, day = paris(f"{received_on} 10:00"), date.fromisoformat(begins_on)
    reference = promised.open(received_at=received_at, channel="web")
    promised.follow()
    first = promised.clocks(reference)
    with promised.units.reading() as session:
        old = calendar_in_force(session).calendar
    assert first["first_answer"].due_at == watched_due(old, received_at, 5)
    plan(promised, day)
    promised.clock.at = datetime.combine(day, datetime.min.time(), PARIS) - timedelta(seconds=1)
    midnight(promised)
    promised.derive(reference)
    assert dates(promised, reference) == {name: clock.due_at for name, clock in first.items()}
    promised.clock.at += timedelta(seconds=1)
    midnight(promised)
    new, now, after = read_calendar(FOUR_DAYS), promised.clock.at, dates(promised, reference)
    for name, days in (("receipt", 1), ("first_answer", 5), ("resolution", 5)):
        was, watched = first[name].due_at, watched_due(new, received_at, days)
        assert after[name] == (was if was <= now or watched <= now else watched), name
    assert after["answer"] == first["answer"].due_at, "what was announced is never rewritten"
    promised.derive(reference)
    assert dates(promised, reference) == after, "the next fact about it changes nothing"


def dates(promised: Promised, reference: str) -> dict[str, datetime]:
    return {name: clock.due_at for name, clock in promised.clocks(reference).items()}


def test_what_was_kept_or_is_over_stays_as_it_was(promised: Promised) -> None:
    told = {"received_at": paris("2026-09-14 10:00")}
    kept, over = promised.open(**told), promised.open(CaseState.CLOSED, **told)
    promised.send("receipt")
    promised.act(kept, "accept")
    promised.follow()
    accepted, closed = promised.clocks(kept)["acceptance"], promised.clocks(over)
    assert accepted.met_at is not None and accepted.met_at <= accepted.due_at
    plan(promised)
    promised.at("2026-09-17 00:00")
    midnight(promised)
    promised.derive(kept)
    promised.derive(over)
    after = promised.clocks(kept)["acceptance"]
    assert (after.due_at, after.met_at, after.calendar_version) == (accepted.due_at, accepted.met_at, 0)
    assert {
        name: (clock.due_at, clock.met_at, clock.ended_at) for name, clock in promised.clocks(over).items()
    } == {name: (clock.due_at, clock.met_at, clock.ended_at) for name, clock in closed.items()}


def test_withdrawn_before_its_day_it_never_comes_and_what_it_said_is_kept(promised: Promised) -> None:
    plan(promised)
    with promised.units.reading() as session:
        planned_id = planned_calendars(session)[None].id
    for _twice in range(2):
        with promised.units.begin(ADMIN) as uow:
            assert withdraw_planned(uow, planned_id).written == FOUR_DAYS
    promised.at("2026-09-17 00:00")
    assert midnight(promised) == 0 and version(promised) == 0
    with promised.units.reading() as session:
        assert planned_calendar(session, planned_id).state == "withdrawn"
    plan(promised, date(2026, 9, 18))
    promised.at("2026-09-18 00:00")
    midnight(promised)
    with promised.units.reading() as session:
        (line,) = calendar_history(session)
        assert line.version == 1
    with pytest.raises(Conflict), promised.units.begin(ADMIN) as uow:
        withdraw_planned(uow, planned_id + 1)


def test_while_one_is_to_come_nothing_else_is_published_on_that_calendar(promised: Promised) -> None:
    with promised.units.begin(ADMIN) as uow:
        mornings = add_calendar(uow, "Matins", MORNINGS, note="Été")
        (line,) = own_calendars(uow.session)
    plan(promised)
    for on in (None, date(2026, 9, 16), date(2026, 10, 1)):
        with pytest.raises(Conflict) as refused:
            plan(promised, on)
        assert "planned" in refused.value.details
    own = {"calendar_id": mornings, "name": "Matins", "seen_version": line.version}
    assert plan(promised, **own) is None, "each calendar has its own"
    with promised.units.reading() as session:
        assert set(planned_calendars(session)) == {None, mornings}
    with promised.units.begin(ADMIN) as uow:
        retire_calendar(uow, mornings)
        assert set(planned_calendars(uow.session)) == {None}, "retired, it is to become nothing"


def test_a_units_calendar_to_come_moves_its_taking_in_charge_alone(promised: Promised) -> None:
    with promised.units.begin(ADMIN) as uow:
        mornings = add_calendar(uow, "Matins", MORNINGS, note="Été")
        give_calendar(uow, promised.town.roads, mornings, seen_id=None)
    promised.at("2026-09-16 17:30")
    reference = promised.open(received_at=promised.clock.at)
    promised.follow()
    before = dates(promised, reference)
    plan(promised, calendar_id=mornings, name="Matins", seen_version=1)
    promised.at("2026-09-17 00:00")
    midnight(promised)
    after = dates(promised, reference)
    assert after.pop("acceptance") == watched_due(read_calendar(FOUR_DAYS), paris("2026-09-16 17:30"), 1)
    assert before.pop("acceptance") and after == before


def test_it_is_checked_as_one_that_begins_at_once(promised: Promised) -> None:
    with pytest.raises(Invalid) as refused:
        plan(promised, date(2026, 9, 14), note=" ")
    assert refused.value.fields == {"note": "required", "effective_on": "past"}
    with pytest.raises(CalendarError), promised.units.begin(ADMIN) as uow:
        publish_calendar(uow, {**FOUR_DAYS, "working_days": []}, note="Rien", seen_version=0, on=THURSDAY)
    with pytest.raises(Conflict):
        plan(promised, seen_version=3)
    with pytest.raises(NotAllowed), promised.units.begin(given.actor("supervisor")) as uow:
        publish_calendar(uow, FOUR_DAYS, note="Pour voir", seen_version=0, on=THURSDAY)
    assert plan(promised, promised.clock.at.date()) == 1, "today is at once"


@pytest.fixture
def both(servers: Servers, clock: FrozenClock) -> Iterator[Units]:
    with own_units(servers.database_url, "planned", clock) as units:
        yield units


def test_withdrawn_in_the_second_in_which_it_comes_it_is_one_or_the_other(
    both: Units, clock: FrozenClock
) -> None:
    with both.begin(ADMIN) as uow:
        publish_calendar(uow, FOUR_DAYS, note="Un essai", seen_version=0, on=THURSDAY)
        planned_id = planned_calendars(uow.session)[None].id
    clock.at = paris("2026-09-17 00:00")

    def come() -> str:
        with both.begin(SYSTEM) as uow:
            return f"came {bring_planned_in(uow)}"

    def withdraw() -> str:
        try:
            with both.begin(ADMIN) as uow:
                withdraw_planned(uow, planned_id)
        except Conflict:
            return "too late"
        return "withdrawn"

    outcome = set(at_once(lambda act: act(), come, withdraw))
    assert outcome in ({"came 1", "too late"}, {"came 0", "withdrawn"})
    with both.reading() as session:
        assert calendar_in_force(session).version == (1 if "too late" in outcome else 0)
