"""Whoever has only a telephone is told of an appointment by a call, unless somebody told them aloud."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from crm.appointments import book_appointment, cancel_appointment, move_appointment
from crm.foundation import SYSTEM, Delivery, EventRow
from crm.interactions import Interaction
from crm.wiring import Wiring
from tests import given
from tests.web.world import World
from workers.jobs.run import do_deliveries


def _case(wired: Wiring, world: World, answer_channel: str = "phone") -> str:
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, first_name=uuid4().hex, email="", phone="06 39 98 00 77")
        return given.open_case(uow, world.book, contact_id=who, answer_channel=answer_channel)


def _book(wired: Wiring, reference: str, slot: int, *, said_aloud: bool = False) -> int:
    with wired.units.begin(SYSTEM) as uow:
        return book_appointment(uow, reference, slot, key=uuid4().hex, said_aloud=said_aloud)


def _told(wired: Wiring, appointment: int) -> list[tuple[str, str]]:
    """What is to be said of it and what was, once all that is due is done."""
    mine = (
        sa.select(Delivery.id, EventRow.subject_id)
        .join(EventRow)
        .where(
            Delivery.job == "tell_appointment", EventRow.data["appointment_id"].as_integer() == appointment
        )
    )
    with wired.sessions() as session:
        rows = session.execute(mine).all()
    do_deliveries(wired, [row.id for row in rows])
    with wired.sessions() as session:
        calls = sa.select(Interaction.kind, Interaction.state).where(
            Interaction.case_id == rows[0].subject_id, Interaction.channel == "phone",
            Interaction.kind.like("appointment%"),
        )  # fmt: skip
        return [(row.kind, row.state) for row in session.execute(calls.order_by(Interaction.id))]


def test_a_call_is_to_be_made_and_what_changed_replaces_it(
    wired: Wiring, world: World, slots: list[int]
) -> None:
    appointment = _book(wired, _case(wired, world), slots[0])
    assert _told(wired, appointment) == [("appointment", "to_call")]
    with wired.units.begin(SYSTEM) as uow:
        move_appointment(uow, appointment, slots[1])
    assert _told(wired, appointment) == [("appointment", "cancelled"), ("appointment", "to_call")]
    with wired.units.begin(SYSTEM) as uow:
        cancel_appointment(uow, appointment)
    assert _told(wired, appointment)[-1] == ("appointment_off", "to_call")


def test_each_appointment_of_a_demand_has_its_own_call(wired: Wiring, world: World, slots: list[int]) -> None:
    reference = _case(wired, world)
    first, second = (_book(wired, reference, slot) for slot in slots)
    assert _told(wired, first) == [("appointment", "to_call")]
    assert _told(wired, second) == [("appointment", "to_call")] * 2


def test_told_aloud_nobody_calls(wired: Wiring, world: World, slots: list[int]) -> None:
    assert _told(wired, _book(wired, _case(wired, world), slots[0], said_aloud=True)) == []


def test_who_asked_for_nothing_is_not_called(wired: Wiring, world: World, slots: list[int]) -> None:
    assert _told(wired, _book(wired, _case(wired, world, "none"), slots[0])) == []


def test_what_is_to_be_said_names_the_moment_and_no_link(
    wired: Wiring, world: World, slots: list[int]
) -> None:
    appointment = _book(wired, _case(wired, world), slots[0])
    _told(wired, appointment)
    with wired.sessions() as session:
        waits = sa.select(Interaction).where(
            Interaction.kind == "appointment", Interaction.state == "to_call"
        )
        call = session.scalars(waits.order_by(Interaction.id.desc())).first()
    assert call is not None and call.recipient == "+33639980077"
    assert "4 quai des Forges" in call.body and "http" not in call.body
