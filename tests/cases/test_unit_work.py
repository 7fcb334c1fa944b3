"""What the competent unit does, and what it may not do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm import cases
from crm.cases import BounceReason, CaseState, Outcome
from crm.contacts import declare_support
from crm.deadlines import Adapted
from crm.foundation import SYSTEM, Conflict, EventRow, Invalid, NotAllowed, UnitOfWork, Units
from crm.interactions import Sent, exchanges, mark_sent
from crm.staff import Agent, Grant
from tests import given
from tests.acting import act, ending, in_days, report, version
from tests.given import Town


def _facts(uow: UnitOfWork, kind: str) -> list[dict[str, object]]:
    uow.write_events()
    found = uow.session.scalars(sa.select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
    return [{**fact.data, "actor": fact.actor_id} for fact in found]


def test_accepting_remembers_who_took_it(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book)
    with units.begin(given.actor("team_lead", unit=town.roads, id=7)) as uow:
        case = act(uow, town.book, reference, "accept")
        assert (case.state, case.accepted_by_id) == (CaseState.IN_PROGRESS, 7)
        assert _facts(uow, "case.accepted") == [{"actor": 7}]


def test_planning_keeps_the_day_and_refuses_one_that_is_past(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    with pytest.raises(Invalid) as refusal:
        act(uow, town.book, reference, "plan", planned_on=in_days(uow, -1))
    assert refusal.value.fields == {"planned_on": "past"}
    case = act(uow, town.book, reference, "plan", planned_on=in_days(uow, 0))
    assert (case.state, case.planned_on) == (CaseState.SCHEDULED, in_days(uow, 0))


def test_the_same_day_said_again_is_no_news(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    for days, minutes in ((2, 30), (2, 60), (3, None)):
        case = act(uow, town.book, reference, "plan", planned_on=in_days(uow, days), minutes=minutes)
    assert case.planned_minutes == 60
    uow.write_events()
    told = sa.select(EventRow.data["planned_on"].as_string()).where(EventRow.kind == "case.planned")
    assert list(uow.session.scalars(told)) == [f"{in_days(uow, days)}" for days in (2, 3)]


def test_making_safe_keeps_the_case_open_until_the_final_works(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    case = act(uow, town.book, reference, "secure", planned_on=in_days(uow, 9), report="Barrières posées.")
    assert (case.state, case.made_safe_at, case.closed_at) == (CaseState.SCHEDULED, uow.now, None)
    assert [said.body for said in exchanges(uow.session, case.id)] == ["Barrières posées."]


@pytest.mark.parametrize("verb", ["await_partner", "bounce"])
def test_waiting_and_sending_back_need_a_motive(uow: UnitOfWork, town: Town, verb: str) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    with pytest.raises(Invalid) as refusal:
        act(uow, town.book, reference, verb, motive=" \u202e ")
    assert refusal.value.fields == {"motive": "required"}


@pytest.mark.parametrize("verb", ["bounce", "route"])
def test_the_day_of_a_unit_goes_with_it(uow: UnitOfWork, town: Town, verb: str) -> None:
    """Else the usager, and who joins, would read that a team comes that day."""
    reference = given.open_case(uow, town.book, CaseState.SCHEDULED)
    case = act(uow, town.book, reference, verb)
    assert (case.planned_on, case.planned_minutes) == (None, None)


def test_sending_back_leaves_the_case_to_qualify_with_its_reason(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    case = act(uow, town.book, reference, "bounce", reason=BounceReason.WRONG_PLACE, motive="Rue inconnue.")
    assert (case.state, case.unit_id, case.bounce_count) == (CaseState.REGISTERED, None, 1)
    (fact,) = _facts(uow, "case.bounced")
    assert (fact["from_unit_id"], fact["reason"]) == (town.roads, "wrong_place")
    assert exchanges(uow.session, case.id)[-1].body == "Rue inconnue."


def test_resolving_needs_words_and_a_day_when_it_is_planned(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    for wrong, field in ((report(text=" "), "report"), (report(outcome=Outcome.PLANNED), "planned_on")):
        with pytest.raises(Invalid) as refusal:
            act(uow, town.book, reference, "resolve", report=wrong)
        assert refusal.value.fields == {field: "required"}
    case = act(uow, town.book, reference, "resolve", report=report(text="Trou rebouché."))
    assert (case.state, case.outcome, case.resolved_at) == (CaseState.RESOLVED, "F", uow.now)
    assert exchanges(uow.session, case.id)[-1].kind == "report"


def test_a_unit_resolves_and_never_closes(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book, CaseState.RESOLVED)
    for role in ("team_lead", "field_agent"):
        with units.begin(given.actor(role, unit=town.roads)) as uow, pytest.raises(NotAllowed):
            act(uow, town.book, reference, "close")


def test_a_town_hall_closes_what_is_communal_and_only_that(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        bin_, pothole = (given.open_case(setting, town.book, category_code=c) for c in ("DECH-01", "VOIR-01"))
    desk = given.actor("desk_agent", insee=given.TOWN)
    with units.begin(desk) as uow:
        assert act(uow, town.book, bin_, "close").state == CaseState.CLOSED
    with units.begin(desk) as uow, pytest.raises(NotAllowed):
        act(uow, town.book, pothole, "close")


def test_an_accepted_case_waits_for_a_partner_then_goes_on(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.WAITING_THIRD_PARTY)
    case = act(uow, town.book, reference, "resume")
    assert case.state == CaseState.IN_PROGRESS
    assert [fact["interaction_id"] for fact in _facts(uow, "case.awaits_partner")]


def test_the_same_button_pressed_twice_acts_once(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    seen = version(uow, reference)
    cases.accept_case(uow, reference, seen_version=seen)
    uow.session.flush()
    with pytest.raises(Conflict):
        cases.accept_case(uow, reference, seen_version=seen)


def test_what_a_leaving_agent_followed_goes_to_a_colleague_of_the_same_unit_or_to_nobody(
    uow: UnitOfWork, town: Town
) -> None:
    # given: a demand of roads and one of lighting, both followed by somebody of both teams
    known = sa.select(Agent.id).order_by(Agent.id.desc()).limit(2)
    for _ in range(2):
        given.agent(uow, "team_lead", unit="voirie")
    heir, leaving = uow.session.scalars(known)
    uow.session.add(Grant(agent_id=leaving, role="team_lead", unit_id=town.lighting))
    theirs, nobodys = (given.open_case(uow, town.book, category_code=code) for code in ("VOIR-01", "ECLA-01"))
    for reference in (theirs, nobodys):
        cases.entrust_colleague(uow, reference, agent_id=leaving, seen_version=version(uow, reference))
    # when
    cases.give_cases_to(uow, leaving, heir)
    # then
    followed = sa.select(cases.Case.reference, cases.Case.accepted_by_id)
    assert {row[0]: row[1] for row in uow.session.execute(followed)} == {theirs: heir, nobodys: None}
    uow.write_events()
    told = sa.select(EventRow.kind, EventRow.data).order_by(EventRow.id.desc()).limit(2)
    assert [(row.kind, row.data) for row in uow.session.execute(told)] == [
        ("case.left", {"agent_id": leaving}),
        ("case.entrusted", {"agent_id": heir}),
    ]


def end(
    uow: UnitOfWork, town: Town, reference: str, verb: str, *, outcome: Outcome, **given_time: Adapted
) -> None:
    how = {"ending": ending(outcome=outcome)} if verb == "close" else {"report": report(outcome=outcome)}
    act(uow, town.book, reference, verb, **how, **given_time)


@pytest.mark.parametrize("verb", ["resolve", "close"])
def test_attached_is_said_by_its_own_verb_which_names_the_other(
    uow: UnitOfWork, town: Town, verb: str
) -> None:
    reference = given.open_case(uow, town.book)
    told = {"outcome": Outcome.ATTACHED}
    with pytest.raises(Invalid) as refusal:
        end(uow, town, reference, verb, **told)
    assert refusal.value.fields == {"outcome": "unknown"}


def ended_unanswered(uow: UnitOfWork, town: Town, reference: str, verb: str, **given_time: Adapted) -> bool:
    try:
        with uow.session.begin_nested():
            end(uow, town, reference, verb, outcome=Outcome.NO_REPLY, **given_time)
    except Invalid as refusal:
        assert refusal.fields == {"outcome": "not_asked"}
        return False
    return True


def ask(uow: UnitOfWork, town: Town, reference: str) -> None:
    case = act(uow, town.book, reference, "ask")
    mark_sent(uow, [Sent(one.id, "x") for one in exchanges(uow.session, case.id) if not one.sent_at])


@pytest.mark.parametrize("verb", ["resolve", "close"])
def test_nobody_says_that_a_usager_did_not_reply_who_was_not_asked_in_time(
    uow: UnitOfWork, town: Town, verb: str
) -> None:
    reference = given.open_case(uow, town.book)
    assert not ended_unanswered(uow, town, reference, verb), "nothing was asked"
    ask(uow, town, reference)
    uow.now += timedelta(days=31)
    assert not ended_unanswered(uow, town, reference, verb), "one question alone"
    ask(uow, town, reference)
    assert ended_unanswered(uow, town, reference, verb)


@pytest.mark.parametrize("verb", ["resolve", "close"])
def test_who_said_what_support_they_need_has_longer_to_reply_in_the_act_as_on_the_screen(
    uow: UnitOfWork, town: Town, verb: str
) -> None:
    contact_id = given.contact(uow)
    reference = given.open_case(uow, town.book, contact_id=contact_id)
    declare_support(uow, contact_id, ["reading"])
    for _ in range(2):
        ask(uow, town, reference)
        uow.now += timedelta(days=16)
    assert not ended_unanswered(uow, town, reference, verb), "thirty days are for the others"
    uow.now += timedelta(days=29)
    thrice = Adapted(answer_times=3)
    assert not ended_unanswered(uow, town, reference, verb, adapted=thrice), "as the centre has it"
    assert ended_unanswered(uow, town, reference, verb), "sixty-one days"
