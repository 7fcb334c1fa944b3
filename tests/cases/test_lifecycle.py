"""From every state every verb: it moves as the table says, or is refused and nothing moves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from crm.cases import STEPS, Case, CaseState, PublicStep, public_step, steps_from
from crm.foundation import SYSTEM, Conflict, IllegalStep, NotAllowed, NotFound, UnitOfWork, Units
from tests import given
from tests.acting import act, version
from tests.given import Town

STATES = list(CaseState)
# The resident’s own is told in test_resident_work; those that take two cases in test_merging.
VERBS = sorted(STEPS.keys() - {"reply", "merge", "unmerge"})


def _state(uow: UnitOfWork, reference: str) -> CaseState:
    uow.session.flush()
    return CaseState(uow.session.scalars(sa.select(Case.state).where(Case.reference == reference)).one())


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_reached_by_what_people_do(uow: UnitOfWork, town: Town, state: CaseState) -> None:
    reference = given.open_case(uow, town.book, state)
    assert _state(uow, reference) is state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_moves_as_the_table_says_or_is_refused(
    uow: UnitOfWork, town: Town, state: CaseState, verb: str
) -> None:
    reference = given.open_case(uow, town.book, state)
    if state in STEPS[verb].sources:
        act(uow, town.book, reference, verb)
        assert _state(uow, reference) is STEPS[verb].target
    else:
        with pytest.raises(IllegalStep):
            act(uow, town.book, reference, verb)
        assert _state(uow, reference) is state


@any_of(verbs=st.lists(st.sampled_from(VERBS), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_try_the_case_stays_sound(uow: UnitOfWork, town: Town, verbs: list[str]) -> None:
    reference = given.open_case(uow, town.book)
    for verb in verbs:
        before = _state(uow, reference)
        try:
            act(uow, town.book, reference, verb)
        except IllegalStep:
            assert _state(uow, reference) is before
    case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
    ended = case.state in {"closed", "cancelled"}
    assert ended == (case.closed_at is not None)
    assert case.state != "closed" or case.answered_at or case.no_answer_reason
    assert case.announced_due_at is not None
    assert case.unit_id is not None or ended or case.state in {"registered", "waiting_requester"}


@pytest.mark.parametrize("state", STATES)
def test_a_stranger_learns_nothing_from_a_refusal(units: Units, state: CaseState) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book, state)
    stranger = given.actor("team_lead", unit=town.lighting)
    for verb in VERBS:
        with units.begin(stranger) as uow, pytest.raises(NotFound):
            act(uow, town.book, reference, verb, seen_version=1)


def test_the_right_is_asked_before_version_and_state(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book, CaseState.CLOSED)
    with units.begin(given.actor("team_lead", unit=town.roads)) as uow, pytest.raises(NotAllowed):
        act(uow, town.book, reference, "close", seen_version=0)


def test_a_second_save_of_the_same_version_is_refused(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    seen = version(uow, reference)
    act(uow, town.book, reference, "accept")
    with pytest.raises(Conflict):
        act(uow, town.book, reference, "plan", seen_version=seen)


@pytest.mark.parametrize("state", STATES)
def test_residents_are_told_a_step_for_each_state(state: CaseState) -> None:
    assert public_step(state, None) in PublicStep
    assert public_step(CaseState.CLOSED, "T") is PublicStep.REFERRED
    assert {step.verb for step in steps_from(state)} == {
        verb for verb, step in STEPS.items() if state in step.sources
    }
