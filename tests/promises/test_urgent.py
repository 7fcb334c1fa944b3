"""T05: somebody may be hurt. Who is on call is told by two means, says « pris en charge », or others are."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, Correction, contest_case, edit_case, one_case
from crm.cases import open_case as register
from crm.foundation import SYSTEM, Conflict, Delivery, NotFound, Settings
from crm.interactions import Interaction
from crm.promises import call_out, escalate_calls, mail_instead, take_urgent
from crm.promises.models import OnCallShift
from crm.staff import Agent
from crm.trail import sentence, timeline
from tests import given
from tests.promises.house import Promised, paris, plan

CENTRE = Settings().centre


@pytest.fixture
def urgent(promised: Promised) -> str:
    """A Saturday night; raised to priority 1."""
    promised.at("2026-09-19 23:00")
    reference = promised.open()
    promised.raise_to_urgent(reference)
    return reference


def call(promised: Promised, reference: str, *, by_sms: bool = True) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return call_out(uow, CENTRE, promised.id_of(reference), by_sms=by_sms)


def escalate(promised: Promised) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return escalate_calls(uow, CENTRE, by_sms=True)


def written(promised: Promised) -> list[tuple[str, str]]:
    with promised.units.reading() as session:
        rows = session.execute(
            sa.select(Interaction.channel, Interaction.recipient)
            .where(Interaction.kind == "on_call")
            .order_by(Interaction.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def to_make(promised: Promised) -> int:
    """How many calls were asked for."""
    with promised.units.reading() as session:
        return session.scalars(sa.select(sa.func.count()).where(Delivery.job == "call_out")).one()


def test_an_emergency_leaves_a_call_to_make_and_an_ordinary_demand_none(
    promised: Promised, urgent: str
) -> None:
    assert to_make(promised) == 1
    for verb in ("bounce", "route"):
        promised.act(promised.open(), verb)
    assert to_make(promised) == 1


def test_a_demand_corrected_to_an_emergency_calls_once_too(promised: Promised) -> None:
    def correct(priority: int) -> None:
        with promised.units.begin(SYSTEM) as uow:
            seen = one_case(uow.session, SYSTEM, reference).version
            correction = Correction(priority=priority)
            edit_case(uow, promised.town.book, reference, correction=correction, seen_version=seen)

    reference = promised.open()
    correct(2)
    assert to_make(promised) == 0
    correct(1)
    assert to_make(promised) == 1


def test_a_place_found_later_calls_the_unit_it_leads_to(promised: Promised) -> None:
    reference = promised.open(CaseState.REGISTERED)
    promised.raise_to_urgent(reference)
    assert call(promised, reference) == [promised.leads["supervisor"]]
    with promised.units.begin(SYSTEM) as uow:
        seen = one_case(uow.session, SYSTEM, reference).version
        found = Correction(category_code="VOIR-01")
        edit_case(uow, promised.town.book, reference, correction=found, seen_version=seen)
    assert to_make(promised) == 2
    assert call(promised, reference) == [promised.leads["lead"]]


def test_each_hand_it_comes_into_is_called_once_and_its_half_hour_begins_anew(
    promised: Promised, urgent: str
) -> None:
    def comes(verb: str, whom: str, **told: object) -> None:
        promised.later(minutes=31)
        promised.act(urgent, verb, **told)
        assert call(promised, urgent) == [promised.leads[whom]]
        assert call(promised, urgent) == []  # a killed worker begins again
        promised.later(minutes=29)
        assert escalate(promised) == []
        promised.later(minutes=1)
        assert escalate(promised) == [supervisor]
        assert escalate(promised) == []

    supervisor = promised.leads["supervisor"]
    plan(promised)
    promised.act(urgent, "accept")
    comes("bounce", "supervisor")  # nobody has it
    comes("route", "field", unit_id=promised.town.roads)
    promised.act(urgent, "accept")
    comes("route", "supervisor", unit_id=promised.town.lighting)  # nobody there leads
    comes("route", "field", unit_id=promised.town.roads)
    assert to_make(promised) == 5


def test_not_done_says_the_usager_at_night_and_somebody_is_called(promised: Promised, urgent: str) -> None:
    plan(promised)
    call(promised, urgent)
    for verb in ("accept", "resolve", "close"):
        promised.act(urgent, verb)
    promised.later(hours=3)
    assert escalate(promised) == []
    with promised.units.begin(SYSTEM) as uow:
        contest_case(uow, promised.town.book, urgent)
    assert call(promised, urgent) == [promised.leads["field"]]
    assert len(written(promised)) == 2


@pytest.mark.parametrize("state", [CaseState.IN_PROGRESS, CaseState.SCHEDULED, CaseState.WAITING_REQUESTER])
def test_what_was_in_hand_and_becomes_an_emergency_calls_all_the_same(
    promised: Promised, state: CaseState
) -> None:
    promised.at("2026-09-19 23:00")
    plan(promised)
    reference = promised.open(state)
    promised.raise_to_urgent(reference)
    assert call(promised, reference) == [promised.leads["field"]]
    promised.later(minutes=30)
    assert escalate(promised) == [promised.leads["supervisor"]]


def test_what_was_taken_or_is_over_before_the_call_calls_nobody(promised: Promised, urgent: str) -> None:
    promised.act(urgent, "accept")
    assert call(promised, urgent) == []
    other = promised.open()
    promised.raise_to_urgent(other)
    promised.act(other, "cancel")
    assert call(promised, other) == []


def test_a_question_to_the_usager_takes_nothing_in_charge(promised: Promised, urgent: str) -> None:
    plan(promised)
    call(promised, urgent)
    promised.act(urgent, "ask")
    promised.later(minutes=30)
    assert escalate(promised) == [promised.leads["supervisor"]]


def test_what_a_rule_gives_to_another_body_is_heard_by_a_person(promised: Promised) -> None:
    with promised.units.begin(SYSTEM) as uow:
        body = given.unit(uow, "eau")
        given.category(uow, "EAU-01", priority=1)
        given.routing(uow, {"category_code": "EAU-01", "decision": "refer", "unit_id": body})
        book = given.rulebook(uow)
        by_rule = register(uow, book, given.new_case(uow, category_code="EAU-01")).reference
    assert to_make(promised) == 1
    assert call(promised, by_rule) == [promised.leads["supervisor"]]
    assert call(promised, by_rule) == []
    promised.later(minutes=30)
    assert escalate(promised) == [promised.leads["supervisor"]]
    with promised.units.begin(SYSTEM) as uow:  # an agent read that one, and said whose it is
        register(uow, book, given.new_case(uow, category_code="EAU-01", refer_to=body))
    assert to_make(promised) == 1


def test_who_is_on_call_is_told_in_the_console_and_by_sms(promised: Promised, urgent: str) -> None:
    plan(promised)
    assert call(promised, urgent) == [promised.leads["field"]]
    assert promised.told() == [("urgent_called", promised.leads["field"])]
    assert written(promised) == [("sms", "+33639980012")]
    assert call(promised, urgent) == []  # a killed worker begins again: nobody is called twice
    assert len(written(promised)) == 1


def test_without_a_number_or_a_gateway_it_is_an_e_mail(promised: Promised, urgent: str) -> None:
    plan(promised, phone="")
    call(promised, urgent)
    assert [channel for channel, _to in written(promised)] == ["email"]


def test_without_anybody_on_call_who_leads_the_unit_is_called(promised: Promised, urgent: str) -> None:
    plan(promised, starts_at=paris("2026-09-25 18:00"), ends_at=paris("2026-09-28 08:00"))
    assert call(promised, urgent) == [promised.leads["lead"]]


def test_taken_in_half_an_hour_nobody_else_is_called(promised: Promised, urgent: str) -> None:
    plan(promised)
    call(promised, urgent)
    promised.later(minutes=12)
    on_call = given.actor("field_agent", unit=promised.town.roads, id=promised.leads["field"])
    with promised.units.begin(on_call) as uow:
        take_urgent(uow, urgent)
    promised.later(minutes=30)
    assert escalate(promised) == []
    promised.follow()
    assert promised.clocks(urgent)["acceptance"].met_at == paris("2026-09-19 23:12")
    assert promised.unread() == 0  # it calls no one from the bell any more
    with pytest.raises(Conflict), promised.units.begin(on_call) as uow:
        take_urgent(uow, urgent)


def test_the_usual_button_counts_as_well(promised: Promised, urgent: str) -> None:
    call(promised, urgent)
    promised.act(urgent, "accept")
    promised.later(minutes=31)
    assert escalate(promised) == []


def test_at_thirty_minutes_the_supervisors_are_told_by_two_means_once(
    promised: Promised, urgent: str
) -> None:
    plan(promised)
    call(promised, urgent)
    promised.later(minutes=29)
    assert escalate(promised) == []
    promised.later(minutes=1)
    supervisor = promised.leads["supervisor"]
    assert escalate(promised) == [supervisor]
    assert promised.told()[-1] == ("urgent_escalated", supervisor)
    assert [channel for channel, _to in written(promised)] == ["sms", "email"]
    assert escalate(promised) == []


def test_a_supervisor_on_call_herself_is_told_on_her_telephone(promised: Promised, urgent: str) -> None:
    with promised.units.begin(SYSTEM) as uow:
        told = {"agent_id": promised.leads["supervisor"], "phone": "+33639980013"}
        hours = {"starts_at": paris("2026-09-18 18:00"), "ends_at": paris("2026-09-21 08:00")}
        uow.session.add(OnCallShift(unit_id=promised.town.lighting, **told, **hours))
    call(promised, urgent)
    promised.later(minutes=30)
    escalate(promised)
    assert written(promised)[-1] == ("sms", "+33639980013")


def test_a_text_that_the_gateway_refuses_is_a_mail_to_the_same_agent(promised: Promised, urgent: str) -> None:
    plan(promised)
    call(promised, urgent)
    promised.at("2026-09-21 09:00")  # told late, once the shift is over
    with promised.units.begin(SYSTEM) as uow:
        (text,) = uow.session.scalars(sa.select(Interaction).where(Interaction.kind == "on_call"))
        mail_instead(uow, text.id)
        address = uow.session.get_one(Agent, promised.leads["field"]).email
    assert written(promised) == [("sms", "+33639980012"), ("email", address)]
    with promised.units.begin(SYSTEM) as uow:
        (mail,) = uow.session.scalars(sa.select(Interaction).where(Interaction.channel == "email"))
        assert (mail.subject, mail.body) == (text.subject, text.body)
        mail_instead(uow, mail.id)  # a mail that is refused has no other way
    assert len(written(promised)) == 2


def test_a_stranger_to_the_case_cannot_take_it(promised: Promised, urgent: str) -> None:
    call(promised, urgent)
    other = given.actor("field_agent", unit=promised.town.lighting)
    with pytest.raises(NotFound), promised.units.begin(other) as uow:
        take_urgent(uow, urgent)


@pytest.mark.parametrize(("planned", "whom"), [(True, "on_call"), (False, "lead")])
def test_the_trail_says_who_was_called(promised: Promised, urgent: str, *, planned: bool, whom: str) -> None:
    if planned:
        plan(promised)
    call(promised, urgent)
    with promised.units.reading() as session:
        (fact,) = [
            one for one in timeline(session, "case", promised.id_of(urgent)) if one.kind == "urgent.called"
        ]
    assert fact.data["whom"] == whom
    said = sentence(fact, lambda _fact, _hole, value: str(value), str)
    assert said == f"Mise en sécurité signalée par deux moyens : {whom}."
