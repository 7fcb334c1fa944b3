"""What the exchange tells of a call, in whatever order it tells it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from crm.foundation import Conflict, FrozenClock, NotFound, UnitOfWork, Units
from crm.interactions import (
    Call,
    CallStep,
    CallTold,
    Interaction,
    PhoneCall,
    call_for,
    call_to_say,
    end_call,
    note_call,
    qualify_call,
)
from crm.staff import Agent, agent_at
from tests import given

_CALLER = "+33639980001"


@pytest.fixture
def agents(uow: UnitOfWork) -> tuple[int, int]:
    """Karim, and a colleague."""
    emails = given.agent(uow), given.agent(uow)
    found = [agent_at(uow.session, email) for email in emails]
    assert found[0] and found[1]
    return found[0], found[1]


def _told(uow: UnitOfWork, step: CallStep, after: float, agent_id: int | None, **more: str) -> CallTold:
    more = {"caller": _CALLER, "exchange_id": "x1", **more}
    return CallTold(step=step, at=uow.now + timedelta(seconds=after), agent_id=agent_id, **more)


def _calls_to_make(uow: UnitOfWork) -> list[tuple[str, str]]:
    missed = sa.select(Interaction.recipient, Interaction.state).where(Interaction.kind == "missed_call")
    return [(row.recipient, row.state) for row in uow.session.execute(missed.order_by(Interaction.id))]


def test_in_any_order_and_told_again_the_call_is_the_same(uow: UnitOfWork, agents: tuple[int, int]) -> None:
    karim, colleague = agents
    story = [
        _told(uow, CallStep.NEW, 0, colleague),
        _told(uow, CallStep.NEW, 4, karim),
        _told(uow, CallStep.ANSWERED, 8, karim),
        _told(uow, CallStep.HUNG_UP, 138, karim),
    ]
    for number, order in enumerate(permutations(range(4))):
        for step in (*order, *order[::-1]):
            told = story[step]
            call_id, concerned = note_call(
                uow, CallTold(exchange_id=f"x{number}", step=told.step, at=told.at, caller=told.caller,
                              agent_id=told.agent_id)
            )  # fmt: skip
            assert told.agent_id in concerned
        call = uow.session.get_one(PhoneCall, call_id)
        assert (call.agent_id, call.seconds, call.rang_at) == (karim, 130, uow.now), order
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(PhoneCall)) == 24


def test_a_missed_call_is_to_be_made_once_for_a_number_that_insists(
    uow: UnitOfWork, agents: tuple[int, int]
) -> None:
    for name in ("x1", "x1", "x2"):
        note_call(uow, _told(uow, CallStep.NEW, 0, agents[0], exchange_id=name))
        note_call(uow, _told(uow, CallStep.MISSED, 30, agents[0], exchange_id=name))
    assert _calls_to_make(uow) == [(_CALLER, "to_call")]
    words = uow.session.scalar(sa.select(Interaction.body).where(Interaction.kind == "missed_call"))
    assert words and "le 15/09 à 10 h 00" in words


def test_a_hidden_number_cannot_be_called_back(uow: UnitOfWork, agents: tuple[int, int]) -> None:
    note_call(uow, _told(uow, CallStep.MISSED, 0, agents[0], caller=""))
    assert _calls_to_make(uow) == []


def test_missed_here_and_answered_there_nobody_calls_back(uow: UnitOfWork, agents: tuple[int, int]) -> None:
    note_call(uow, _told(uow, CallStep.MISSED, 20, agents[0]))
    note_call(uow, _told(uow, CallStep.ANSWERED, 25, agents[1]))
    note_call(uow, _told(uow, CallStep.MISSED, 20, agents[0]))
    assert _calls_to_make(uow) == [(_CALLER, "cancelled")]


def test_a_call_is_qualified_by_what_its_agent_writes_and_lasts_what_the_exchange_says(
    uow: UnitOfWork, units: Units, clock: FrozenClock, agents: tuple[int, int]
) -> None:
    karim, colleague = agents
    call_id, _ = note_call(uow, _told(uow, CallStep.NEW, 0, karim))
    note_call(uow, _told(uow, CallStep.ANSWERED, 3, karim))
    assert call_to_say(uow.session, karim, uow.now) == call_id
    assert call_to_say(uow.session, colleague, uow.now) is None
    uow.session.commit()
    clock.at += timedelta(minutes=2)
    with units.begin(given.actor("advisor", id=karim)) as his:
        said = end_call(his, Call(reason="informed", seconds=60))
        qualify_call(his, call_id)
    assert call_to_say(uow.session, karim, clock.now()) is None
    note_call(uow, _told(uow, CallStep.HUNG_UP, 103, karim))
    uow.session.expire_all()
    assert uow.session.get_one(Interaction, said).seconds == 100


def test_nobody_qualifies_the_call_of_another_nor_with_nothing(
    uow: UnitOfWork, units: Units, agents: tuple[int, int]
) -> None:
    karim, colleague = agents
    call_id, _ = note_call(uow, _told(uow, CallStep.NEW, 0, karim))
    uow.session.commit()
    with pytest.raises(NotFound), units.begin(given.actor("advisor", id=colleague)) as theirs:
        end_call(theirs, Call(reason="informed"))
        qualify_call(theirs, call_id)
    with pytest.raises(Conflict), units.begin(given.actor("advisor", id=karim)) as his:
        qualify_call(his, call_id)
    with pytest.raises(NotFound):
        call_for(uow.session, colleague, call_id)


def test_the_exchange_names_an_agent_by_telephone_or_by_log_in(
    uow: UnitOfWork, agents: tuple[int, int]
) -> None:
    karim = uow.session.get_one(Agent, agents[0])
    karim.extension = "4012"
    uow.session.flush()
    assert agent_at(uow.session, "4012") == agent_at(uow.session, karim.email.upper()) == karim.id
    assert agent_at(uow.session, "") is agent_at(uow.session, "4013") is None
