"""The balance of every channel: each thing that came is one, whatever it made, and its end shows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.foundation import SYSTEM, Actor, Conflict, FrozenClock, Units
from crm.inbox import Balance, Came, Reconciliation, made_case, reconcile, what_came
from crm.intake import give_number, see_walk_in, walk_in_asked
from crm.interactions import (
    Call,
    CallStep,
    CallTold,
    Interaction,
    end_call,
    mark_called,
    note_call,
    qualify_call,
    qualify_for_agent,
    record_interaction,
)
from tests import given
from tests.given import TOWN, Town
from tests.inbox.arriving import ADVISOR, arrived, kept

DAY = date(2026, 9, 15)
_NUMBER = "+33639980055"


@pytest.fixture
def town(units: Units) -> Town:
    with units.begin(SYSTEM) as uow:
        return given.town(uow)


@pytest.fixture
def karim(units: Units) -> Actor:
    """An advisor with a telephone."""
    with units.begin(SYSTEM) as uow:
        email = given.agent(uow, "advisor")
        agent_id = uow.session.scalar(sa.text("SELECT id FROM agents WHERE email = :e"), {"e": email})
    return given.actor("advisor", id=agent_id)


def _rang(units: Units, *steps: CallStep, who: Actor | None = None, caller: str = _NUMBER) -> int:
    exchange_id = uuid4().hex
    with units.begin(SYSTEM) as uow:
        for step in steps:
            told = CallTold(
                exchange_id=exchange_id,
                step=step,
                at=uow.now,
                caller=caller,
                agent_id=who.id if who else None,
            )
            call_id, _agents = note_call(uow, told)
    return call_id


_ANSWERED = (CallStep.NEW, CallStep.ANSWERED, CallStep.HUNG_UP)
_MISSED = (CallStep.NEW, CallStep.MISSED)


def _opened(units: Units, town: Town, actor: Actor, channel: str, call_id: int | None = None) -> int:
    """A demand, with the exchange that opened it, as a door leaves them."""
    with units.begin(actor) as uow:
        reference = given.open_case(uow, town.book, channel=channel)
        case_id = uow.session.scalars(sa.select(Case.id).where(Case.reference == reference)).one()
        record_interaction(uow, None, case_id, channel=channel, kind="opening")
        if call_id is not None:
            qualify_call(uow, call_id)
    return case_id


def _balance(units: Units) -> Reconciliation:
    with units.reading() as session:
        return reconcile(session, ADVISOR, DAY, DAY, units.clock.now())


def _line(found: Reconciliation, channel: str) -> Balance:
    (line,) = (line for line in found.lines if line.channel == channel)
    return line


def _behind(units: Units, channel: str, outcome: str) -> list[Came]:
    with units.reading() as session:
        return what_came(session, ADVISOR, DAY, channel, outcome, units.clock.now())


def test_a_call_is_one_whatever_was_told_of_it_and_however_many_demands_it_made(
    units: Units, town: Town, karim: Actor
) -> None:
    # given: two demands in one call, a call without, one typed without any exchange, three that nobody took
    call_id = _rang(units, *_ANSWERED, who=karim)
    case_id = _opened(units, town, karim, "phone", call_id)
    _opened(units, town, karim, "phone", call_id)
    wrong = _rang(units, *_ANSWERED, who=karim)
    with units.begin(karim) as uow:
        end_call(uow, Call(reason="wrong_number"))
        qualify_call(uow, wrong)
    with units.begin(karim) as uow:
        end_call(uow, Call(reason="informed"))
    _opened(units, town, karim, "phone")
    _rang(units, *_MISSED, caller="")
    _rang(units, *_MISSED)
    back = _rang(units, *_MISSED, caller="+33639980056")
    with units.begin(SYSTEM) as uow:
        query = sa.select(Interaction.id).where(Interaction.recipient == "+33639980056")
        mark_called(uow, uow.session.scalars(query).one())
    # then
    found = _balance(units)
    line = _line(found, "phone")
    assert (line.arrived, line.answered, line.missed) == (7, 2, 3)
    assert dict(line.ends) == {"case": 2, "discarded": 2, "information": 2, "waiting": 1}
    assert dict(line.discards) == {"wrong_number": 1, "number_hidden": 1}
    assert found.difference == 0
    made = _behind(units, "phone", "case")
    assert [(one.source, one.case_id) for one in made if one.source == "call"] == [("call", case_id)]
    assert {one.id for one in _behind(units, "phone", "information") if one.source == "call"} == {back}


def test_a_call_that_nobody_qualified_is_the_difference_until_somebody_says_what_it_was(
    units: Units, karim: Actor, clock: FrozenClock
) -> None:
    call_id = _rang(units, *_ANSWERED, who=karim)
    assert _balance(units).difference == 0 and _line(_balance(units), "phone").with_end("waiting") == 1
    clock.at += timedelta(hours=13)
    (lost,) = _balance(units).unproven
    assert (lost.source, lost.id, lost.why) == ("call", call_id, "not_said")
    with units.begin(ADVISOR) as uow:
        qualify_for_agent(uow, call_id, "informed")
    with units.begin(ADVISOR) as uow, pytest.raises(Conflict):
        qualify_for_agent(uow, call_id, "abuse")
    found = _balance(units)
    assert found.difference == 0 and dict(_line(found, "phone").ends) == {"information": 1}


def test_a_missed_call_without_its_call_back_is_the_difference(units: Units) -> None:
    _rang(units, *_MISSED)
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.text("UPDATE phone_calls SET call_back_id = 0"))
    assert [one.why for one in _balance(units).unproven] == ["no_call_back"]


@pytest.mark.parametrize("channel", ["web", "app", "partner_api", "letter", "sms", "social", "email"])
def test_what_came_by_itself_is_a_demand_then_a_reply(units: Units, town: Town, channel: str) -> None:
    case_id = _opened(units, town, SYSTEM, channel)
    with units.begin(SYSTEM) as uow:
        reach = uow.session.get_one(Case, case_id)
        record_interaction(uow, reach, case_id, channel=channel, kind="message", body="Toujours là.")
    found = _balance(units)
    assert dict(_line(found, channel).ends) == {"case": 1, "reply": 1} and found.difference == 0
    assert [one.case_id for one in _behind(units, channel, "reply")] == [case_id]


def test_a_message_and_what_it_made_are_one(units: Units, town: Town) -> None:
    sheet = arrived(units, Subject="Deux choses")
    first, second = (_opened(units, town, ADVISOR, "email") for _ in range(2))
    with units.begin(ADVISOR) as uow:
        made_case(uow, sheet.id, sheet.version, first)
    with units.begin(ADVISOR) as uow:
        made_case(uow, sheet.id, kept(units, sheet.id).version, second)
    line = _line(_balance(units), "email")
    assert (line.arrived, dict(line.ends)) == (1, {"case": 1})


def test_a_counter_counts_each_number_once(units: Units, town: Town, clock: FrozenClock) -> None:
    desk = given.actor("desk_agent", insee=TOWN, id=None)
    with units.begin(desk) as uow:
        for _ in range(3):
            give_number(uow, TOWN)
    with units.reading() as session:
        first, second, _third = session.scalars(sa.text("SELECT id FROM walk_ins ORDER BY number")).all()
    case_id = _opened(units, town, desk, "desk")
    with units.begin(desk) as uow:
        see_walk_in(uow, first)
        see_walk_in(uow, second)
        walk_in_asked(uow, first, case_id)
    line = _line(_balance(units), "desk")
    assert dict(line.ends) == {"case": 1, "information": 1, "waiting": 1}
    clock.at += timedelta(days=1)  # the doors have closed
    line = _line(_balance(units), "desk")
    assert (line.arrived, dict(line.discards)) == (3, {"left": 1})


def test_an_exchange_of_a_demand_that_is_not_there_is_the_difference(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        record_interaction(uow, None, 0, channel="web", kind="precision", body="Toujours là.")
    found = _balance(units)
    assert [(one.source, one.why) for one in found.unproven] == [("exchange", "no_case")]
    assert _line(found, "web").unproven == 1
