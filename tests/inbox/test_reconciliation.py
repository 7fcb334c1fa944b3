"""The balance of each day: what arrived equals what it became, or the difference says where it is."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from crm.channels import Arrival
from crm.foundation import SYSTEM, FrozenClock, Units
from crm.inbox import UNSEEN, Inbound, Reconciliation, made_case, reconcile, set_arrival_aside, store_inbound
from crm.inbox.models import InboundRaw
from tests import given
from tests.inbox.arriving import ADVISOR, arrived

DAY = date(2026, 9, 15)


def _balance(units: Units, first: date = DAY, last: date = DAY) -> Reconciliation:
    with units.reading() as session:
        return reconcile(session, ADVISOR, first, last, units.clock.now())


def _settled(units: Units) -> list[int]:
    """A mail made a demand, one is set aside, one came from a robot, one waits."""
    made, aside, waiting = (arrived(units, Subject=f"Numéro {rank}") for rank in range(3))
    robot = arrived(units, Auto_Submitted="auto-replied")
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book)
        case_id = uow.session.scalar(sa.text("SELECT id FROM cases WHERE reference = :r"), {"r": reference})
    with units.begin(ADVISOR) as uow:
        made_case(uow, made.id, made.version, case_id)
        set_arrival_aside(uow, aside.id, "spam", seen_version=aside.version)
    return [made.id, aside.id, robot.id, waiting.id]


def test_everything_that_arrived_is_accounted_for(units: Units) -> None:
    _settled(units)
    found = _balance(units)
    (line,) = found.lines
    assert (line.day, line.channel, line.arrived) == (DAY, "email", 4)
    assert dict(line.ends) == {"case": 1, "discarded": 2, "waiting": 1}
    assert dict(line.discards) == {"spam": 1, "auto_submitted": 1}
    assert found.difference == 0 and found.unproven == ()


def test_a_difference_says_where_it_is(units: Units, clock: FrozenClock) -> None:
    # given: a demand that is not there, a content that is lost, a mail that no job has read
    made, aside, _robot, _waiting = _settled(units)
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Inbound).where(Inbound.id == made).values(case_id=0))
        uow.session.execute(sa.delete(InboundRaw).where(InboundRaw.inbound_id == aside))
        left = store_inbound(uow, "email", Arrival(external_id="left", content=b"Subject: x\r\n\r\n"))
    # when: just now, nobody is late; a quarter of an hour after, somebody is
    assert {one.why for one in _balance(units).unproven} == {"no_case", "no_raw"}
    clock.at += timedelta(minutes=16)
    # then
    found = _balance(units)
    assert [(one.id, one.why) for one in found.unproven] == [
        (made, "no_case"), (aside, "no_raw"), (left, "not_read"),
    ]  # fmt: skip
    assert found.difference == 3 and found.lines[0].with_end(UNSEEN) == 1


def test_days_are_those_of_the_centre(units: Units, clock: FrozenClock) -> None:
    clock.at = clock.at.replace(hour=22, minute=30)  # half past midnight in Paris
    arrived(units)
    assert _balance(units).lines == ()
    assert [line.day for line in _balance(units, DAY, DAY + timedelta(days=1)).lines] == [
        DAY + timedelta(days=1)
    ]
