"""The taking in charge by the hours of two units, against the oracle that only watches a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.cases import CaseState
from crm.deadlines import Adapted, Calendar, WorkingTime
from crm.promises import CaseFacts, Clock, Nature, Reckoning, clocks_of, reckoned_again
from tests.deadlines.test_properties import calendars, receptions, watched_due

ROADS, LIGHTING, MAIRIE = 1, 2, 3  # the last one goes by the centre's
waits = st.timedeltas(timedelta(), timedelta(days=9))


def facts_at(received_at: datetime, due_at: datetime) -> CaseFacts:
    return CaseFacts(
        case_id=1,
        seen_event=1,
        state=CaseState.ASSIGNED,
        priority=3,
        channel="web",
        delay=2,
        delay_unit="working_day",
        unit_id=ROADS,
        accepted_by_id=None,
        is_told=True,
        is_duplicate=False,
        received_at=received_at,
        created_at=received_at,
        announced_due_at=due_at,
        due_at=due_at,
        resolved_at=None,
        answered_at=None,
        closed_at=None,
        entrusted_at=received_at,
        set_at=received_at,
    )


def hours(centre: Calendar, roads: Calendar, lighting: Calendar, version: int = 3) -> Reckoning:
    own = {ROADS: Reckoning(WorkingTime(roads), 2), LIGHTING: Reckoning(WorkingTime(lighting), version)}
    return Reckoning(WorkingTime(centre), 1, own)


def derived(facts: CaseFacts, by: Reckoning, kept: dict[Nature, Clock]) -> dict[Nature, Clock]:
    return {clock.nature: clock for clock in clocks_of(facts, by, kept)}


def others(clocks: dict[Nature, Clock]) -> list[Clock]:
    return [clock for nature, clock in clocks.items() if nature is not Nature.ACCEPTANCE]


@settings(max_examples=50, deadline=None)
@given(calendars, calendars, calendars, receptions, waits, st.sampled_from([LIGHTING, MAIRIE]))
def test_a_demand_that_moves_is_dated_by_whoever_has_it_and_the_usager_sees_nothing_of_it(
    centre: Calendar,
    roads: Calendar,
    lighting: Calendar,
    received_at: datetime,
    wait: timedelta,
    to: int,
) -> None:
    by = hours(centre, roads, lighting)
    facts = facts_at(received_at, watched_due(centre, received_at, 2))
    first = derived(facts, by, {})
    assert first[Nature.ACCEPTANCE].due_at == watched_due(roads, received_at, 1)
    moved = replace(facts, unit_id=to, entrusted_at=received_at + wait + timedelta(minutes=1))
    assert moved.entrusted_at is not None
    then = derived(moved, by, first)
    clock, whose = then[Nature.ACCEPTANCE], lighting if to == LIGHTING else centre
    assert clock.due_at == watched_due(whose, moved.entrusted_at, 1)
    assert clock.calendar_version == by.of(to).version
    assert others(then) == others(first) == others(derived(facts, Reckoning(by.working, 1), {}))
    assert derived(moved, by, then) == then, "derived twice it is the same"


@settings(max_examples=50, deadline=None)
@given(calendars, calendars, calendars, calendars, receptions, waits, waits)
def test_a_unit_that_changes_its_hours_moves_what_runs_and_nothing_else(
    centre: Calendar,
    before: Calendar,
    after: Calendar,
    roads: Calendar,
    received_at: datetime,
    wait: timedelta,
    taken: timedelta,
) -> None:
    facts = replace(facts_at(received_at, watched_due(centre, received_at, 2)), unit_id=LIGHTING)
    old, new, now = hours(centre, roads, before), hours(centre, roads, after, 4), received_at + wait
    clocks = derived(facts, old, {})
    clock = clocks[Nature.ACCEPTANCE]
    again = reckoned_again(clock, facts, new, now)
    if clock.due_at <= now:
        assert again == clock, "what was late stays late"
    else:
        watched = watched_due(after, received_at, 1)
        assert again.due_at == (watched if watched > now else clock.due_at), "and nobody becomes late by us"
        assert again.calendar_version == (4 if watched > now else 3), "its page names what gave its date"
    assert [reckoned_again(one, facts, new, now) for one in others(clocks)] == others(clocks)
    met = replace(facts, state=CaseState.IN_PROGRESS, taken_at=received_at + taken)
    kept = derived(met, new, {**clocks, Nature.ACCEPTANCE: clock})[Nature.ACCEPTANCE]
    assert (kept.due_at, kept.met_at, kept.calendar_version) == (clock.due_at, met.taken_at, 3)
    assert reckoned_again(kept, met, new, now) == kept, "taken in charge, it is judged by what it was"


@settings(max_examples=50, deadline=None)
@given(calendars, calendars, calendars, receptions, st.sampled_from([0.25, 0.5, 1.0]))
def test_who_needs_support_is_taken_in_charge_sooner_in_hours_worked_and_nothing_else_moves(
    centre: Calendar, roads: Calendar, lighting: Calendar, received_at: datetime, part: float
) -> None:
    plain, adapted = hours(centre, roads, lighting), Adapted(acceptance_part=part)
    by = replace(
        plain, adapted=adapted, units={id_: replace(one, adapted=adapted) for id_, one in plain.units.items()}
    )
    facts = facts_at(received_at, watched_due(centre, received_at, 2))
    usual, sooner = derived(facts, by, {}), derived(replace(facts, needs=True), by, {})
    clock, working = sooner[Nature.ACCEPTANCE], by.of(ROADS).working
    assert received_at <= clock.due_at <= usual[Nature.ACCEPTANCE].due_at
    whole = working.between(received_at, usual[Nature.ACCEPTANCE].due_at)
    lost = working.between(received_at, clock.due_at) - whole * part
    assert abs(lost) <= timedelta(minutes=1)
    assert others(sooner) == others(usual)
    assert derived(replace(facts, needs=True), by, usual) == sooner, (
        "said while it runs, it holds from then on"
    )


@settings(max_examples=50, deadline=None)
@given(calendars, calendars, calendars, receptions, waits)
def test_a_need_said_after_the_taking_in_charge_makes_nobody_late(
    centre: Calendar, roads: Calendar, lighting: Calendar, received_at: datetime, taken: timedelta
) -> None:
    by = hours(centre, roads, lighting)
    facts = facts_at(received_at, watched_due(centre, received_at, 2))
    before = derived(facts, by, {})
    met = replace(facts, state=CaseState.IN_PROGRESS, taken_at=received_at + taken)
    judged = derived(met, by, before)
    for said in (met, replace(met, needs=True)):
        assert derived(said, by, before) == judged, "it is judged by the time that it was given"
        assert derived(said, by, judged) == judged, "and once only"
    adapted = derived(replace(facts, needs=True), by, {})
    forgotten = derived(met, by, derived(replace(met, needs=True), by, adapted))
    assert forgotten[Nature.ACCEPTANCE].due_at == adapted[Nature.ACCEPTANCE].due_at
