"""What follows a fact by itself: the usager is told, once, by the channel they chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import SYSTEM, Delivery, FrozenClock, Settings, Units
from crm.interactions import Interaction
from crm.knowledge.models import ReplyTemplateRow
from crm.reactions import REACTIONS
from crm.wiring import Wiring, wire
from tests import given
from tests.acting import act
from tests.servers import Servers
from workers.jobs import JOBS
from workers.jobs.run import do_deliveries


@pytest.fixture
def held(units: Units, servers: Servers, clock: FrozenClock) -> Iterator[Wiring]:
    """Workers' wiring on the rolled-back session of the test."""
    made = wire(Settings(database_url=servers.database_url, redis_url=servers.redis_url), clock=clock)
    yield replace(made, units=units)
    made.close()


def _queued(held: Wiring) -> list[tuple[str, str]]:
    with held.units.reading() as session:
        ids = list(session.scalars(sa.select(Delivery.id).where(Delivery.job != "send_message")))
    do_deliveries(held, ids)
    do_deliveries(held, ids)
    with held.units.reading() as session:
        told = sa.select(Interaction.kind, Interaction.state).where(Interaction.direction == "out")
        return [(row.kind, row.state) for row in session.execute(told.order_by(Interaction.id))]


def _open(held: Wiring, *, rule: str = "route", reopened: bool = False) -> None:
    with held.units.begin(SYSTEM) as uow:
        given.commune(uow)
        unit = given.unit(uow)
        given.category(uow)
        given.routing(uow, {"category_code": "VOIR-01", "decision": rule, "unit_id": unit})
        for kind in ("registration", "referral", "reopened"):
            uow.session.add(ReplyTemplateRow(message=kind, subject="{reference}", body=f"{kind} {{link}}"))
        book = given.rulebook(uow)
        told = {"contact_id": given.contact(uow), "answer_channel": "email"}
        state = CaseState.CLOSED if reopened else CaseState.ASSIGNED
        reference = given.open_case(uow, book, state, **told)
        if reopened:
            act(uow, book, reference, "reopen")


def test_a_demand_is_acknowledged_once(held: Wiring) -> None:
    _open(held)
    assert _queued(held) == [("registration", "queued")]


def test_a_referred_demand_gets_the_referral_alone(held: Wiring) -> None:
    _open(held, rule="refer")
    assert _queued(held) == [("referral", "queued")]


def test_a_reopened_demand_is_told_so_beside_the_answer_an_agent_wrote(held: Wiring) -> None:
    _open(held, reopened=True)
    assert sorted(_queued(held)) == [("answer", "queued"), ("registration", "queued"), ("reopened", "queued")]


def test_every_reaction_is_a_job_and_every_job_is_a_reaction() -> None:
    assert {job for jobs in REACTIONS.values() for job in jobs} == set(JOBS)
