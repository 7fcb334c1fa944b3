"""What the relation side does: entrust, ask, answer and close, take back, correct."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm import cases
from crm.cases import CaseState, Correction, Ending, NoAnswerReason, Outcome, WorkReport
from crm.foundation import SYSTEM, Conflict, EventRow, FrozenClock, Invalid, NotAllowed, UnitOfWork, Units
from crm.interactions import Interaction, exchanges
from tests import given
from tests.acting import act, ending, message, version
from tests.given import Town


def _last(uow: UnitOfWork, kind: str) -> dict[str, object]:
    uow.write_events()
    query = sa.select(EventRow.data).where(EventRow.kind == kind).order_by(EventRow.id.desc()).limit(1)
    return uow.session.scalars(query).one()


def test_entrusting_by_hand_needs_a_motive_and_an_active_unit(uow: UnitOfWork, town: Town) -> None:
    closed = given.unit(uow, "ferme", is_active=False)
    book = given.rulebook(uow)
    reference = given.open_case(uow, book, CaseState.REGISTERED)
    for told, field in (
        ({"unit_id": closed}, "unit_id"),
        ({"unit_id": 0}, "unit_id"),
        ({"motive": ""}, "motive"),
    ):
        with pytest.raises(Invalid) as refusal:
            act(uow, book, reference, "route", **told)
        assert set(refusal.value.fields) == {field}
    case = act(uow, book, reference, "route", unit_id=town.town_hall, motive="Parc communal.")
    assert (case.state, case.unit_id, case.responsible_insee) == ("assigned", town.town_hall, given.TOWN)
    assert exchanges(uow.session, case.id)[-1].body == "Parc communal."
    assert _last(uow, "case.routed")["unit_id"] == town.town_hall


def test_asking_writes_to_the_usager_and_waits(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid):
        act(uow, town.book, reference, "ask", message=message("question", " "))
    case = act(uow, town.book, reference, "ask", message=message("question", "Quel numéro ?"))
    (sent,) = uow.session.scalars(sa.select(Interaction).where(Interaction.case_id == case.id))
    assert case.state == CaseState.WAITING_REQUESTER
    assert (sent.kind, sent.state, sent.body) == ("question", "queued", "Quel numéro ?")


def test_the_centre_may_ask_before_anyone_is_competent(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.REGISTERED)
    assert act(uow, town.book, reference, "ask").state == CaseState.WAITING_REQUESTER
    assert cases.add_precision(uow, reference, "Devant le 12.").state == CaseState.REGISTERED


def test_no_case_closes_without_an_answer_or_a_reason(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.RESOLVED)
    for nothing in (ending(answer=None), ending(answer=message(body=" \x00"))):
        with pytest.raises(Invalid):
            act(uow, town.book, reference, "close", ending=nothing)
    case = act(uow, town.book, reference, "close", ending=ending())
    assert (case.state, case.answered_at, case.closed_at) == (CaseState.CLOSED, uow.now, uow.now)
    assert _last(uow, "case.closed")["interaction_id"]


def test_a_reason_closes_without_answering(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.RESOLVED)
    told = ending(answer=None, no_answer_reason=NoAnswerReason.ANONYMOUS)
    case = act(uow, town.book, reference, "close", ending=told)
    assert (case.answered_at, case.no_answer_reason) == (None, "anonymous")


def test_cancelling_needs_a_reason(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid):
        act(uow, town.book, reference, "cancel", reason="")
    case = act(uow, town.book, reference, "cancel")
    assert (case.outcome, case.closed_at) == ("X", uow.now)


def test_reopening_gives_a_new_date_to_work_to_and_keeps_the_announced_one(
    units: Units, clock: FrozenClock
) -> None:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book, CaseState.CLOSED)
        before = uow.session.scalars(sa.select(cases.Case)).one()
        announced, due = before.announced_due_at, before.due_at
    clock.at += timedelta(days=20)
    with units.begin(SYSTEM) as uow:
        case = act(uow, town.book, reference, "reopen")
        assert (case.state, case.reopen_count, case.reference) == ("assigned", 1, reference)
        assert case.announced_due_at == announced
        assert case.due_at > due and case.due_at > uow.now
        assert (case.closed_at, case.answered_at, case.outcome) == (None, None, None)


def test_two_agents_correct_at_once_and_the_second_is_told(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    seen = version(uow, reference)
    cases.edit_case(uow, town.book, reference, correction=Correction(object="Deux trous"), seen_version=seen)
    with pytest.raises(Conflict):
        again = Correction(object="Trois trous")
        version(uow, reference)
        cases.edit_case(uow, town.book, reference, correction=again, seen_version=seen)


def test_lowering_the_priority_needs_a_motive_raising_it_does_not(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid) as refusal:
        _correct(uow, town, reference, priority=4)
    assert refusal.value.fields == {"note": "motive_to_lower"}
    assert _correct(uow, town, reference, priority=2).priority == 2
    assert _correct(uow, town, reference, priority=3, note="Aucun danger.").priority == 3


def test_another_category_asks_the_table_again(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    case = _correct(uow, town, reference, category_code="DECH-01")
    assert (case.unit_id, case.responsible_insee) == (town.town_hall, given.TOWN)
    assert _last(uow, "case.edited")["changes"]["category_code"] == ["VOIR-01", "DECH-01"]
    assert _correct(uow, town, reference, category_code="VIE-01").state == CaseState.REGISTERED


def test_what_follows_from_a_correction_is_in_the_fact(uow: UnitOfWork, town: Town) -> None:
    given.category(uow, "VOIR-02", priority=1, delay_days=1)
    reference = given.open_case(uow, given.rulebook(uow))
    before = _correct(uow, town, reference).due_at
    book = given.rulebook(uow)
    urgent = Correction(category_code="VOIR-02")
    case = cases.edit_case(uow, book, reference, correction=urgent, seen_version=version(uow, reference))
    changes = _last(uow, "case.edited")["changes"]
    assert changes["priority"] == [3, 1]
    assert changes["due_at"] == [before.isoformat(), case.due_at.isoformat()]
    assert case.announced_due_at == before


def test_a_place_corrected_to_outside_the_metropole_is_ours_no_more(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    case = _correct(uow, town, reference, place=given.place(None, label="Ailleurs", inside=False))
    assert (case.state, case.unit_id) == (CaseState.REGISTERED, None)


@pytest.mark.parametrize("outcome", [Outcome.MADE_SAFE, Outcome.WITHDRAWN])
def test_an_end_that_has_its_own_verb_is_not_given_by_another(
    uow: UnitOfWork, town: Town, outcome: Outcome
) -> None:
    done = given.open_case(uow, town.book, CaseState.RESOLVED)
    end = Ending(outcome=outcome, no_answer_reason=NoAnswerReason.ANONYMOUS)
    with pytest.raises(Invalid):
        cases.close_case(uow, done, ending=end, seen_version=version(uow, done))
    going = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    told = WorkReport(outcome=outcome, text="Fait.")
    with pytest.raises(Invalid):
        cases.resolve_case(uow, going, report=told, seen_version=version(uow, going))


def test_nobody_calls_or_writes_about_a_demand_taken_back(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    case = act(uow, town.book, reference, "ask")
    act(uow, town.book, reference, "cancel")
    assert [m.state for m in exchanges(uow.session, case.id) if m.direction == "out"] == ["cancelled"]


def test_another_unit_has_accepted_nothing_yet(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    act(uow, town.book, reference, "route")
    act(uow, town.book, reference, "ask")
    assert cases.add_precision(uow, reference, "Devant le 12").state == CaseState.ASSIGNED


def test_what_was_written_is_never_in_the_facts(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    _correct(
        uow, town, reference, object="Mme Diallo est tombée", place_hint="chez Mme Diallo", note="Diallo"
    )
    uow.write_events()
    assert not [data for data in uow.session.scalars(sa.select(EventRow.data)) if "Diallo" in str(data)]


def test_an_emptied_object_or_an_unknown_category_is_refused(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid) as refusal:
        _correct(uow, town, reference, object=" \u202e\x07 ", category_code="RIEN-01")
    assert refusal.value.fields == {"object": "required", "category": "unknown"}


def test_seeing_masked_details_leaves_a_trace(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        who = given.contact(setting)
        reference = given.open_case(setting, town.book, contact_id=who)
    with units.begin(given.actor("team_lead", unit=town.roads, id=7)) as uow:
        assert cases.reveal_contact(uow, reference) == who
        assert _last(uow, "contact.revealed") == {"contact_id": who}
    with units.begin(given.actor("field_agent", unit=town.roads)) as uow, pytest.raises(NotAllowed):
        cases.reveal_contact(uow, reference)


def _correct(uow: UnitOfWork, town: Town, reference: str, **told: object) -> cases.Case:
    correction = Correction(**told)  # type: ignore[arg-type]
    seen = version(uow, reference)
    case = cases.edit_case(uow, town.book, reference, correction=correction, seen_version=seen)
    uow.session.flush()
    return case
