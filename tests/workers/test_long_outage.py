"""A server that is away for longer than tries last: nothing is set aside, and each message leaves once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM, Delivery, FrozenClock, Units
from crm.interactions import Interaction
from crm.notifications import claim_due
from crm.reactions import REACTIONS
from crm.wiring import Wiring
from tests.own_database import mails_to, queue_mails, wired_to
from tests.servers import Servers
from workers.jobs.run import do_deliveries

FRIDAY = datetime(2026, 9, 18, 15, 0, tzinfo=UTC)
NOBODY_LISTENS = 9


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(FRIDAY)


@pytest.fixture
def up(wired: Wiring, clock: FrozenClock) -> Wiring:
    return replace(wired, clock=clock, units=Units(wired.sessions, clock, REACTIONS))


@pytest.fixture
def down(up: Wiring, servers: Servers) -> Iterator[Wiring]:
    away = wired_to(up.settings.database_url, servers.redis_url, NOBODY_LISTENS)
    yield replace(up, channels=away.channels)
    away.close()


def _round(wired: Wiring) -> int:
    """What the relay hands over now, and what workers do of it. How many there were."""
    with wired.units.begin(SYSTEM) as uow:
        claimed = [one.id for one in claim_due(uow, 200)]
    do_deliveries(wired, claimed)
    return len(claimed)


def _parked(wired: Wiring) -> int:
    with wired.sessions() as session:
        parked = sa.select(sa.func.count()).where(Delivery.parked_at.is_not(None))
        return session.scalar(parked) or 0


def test_a_day_and_two_hours_without_mail_set_nothing_aside(
    up: Wiring, down: Wiring, clock: FrozenClock, servers: Servers
) -> None:
    # given: more messages than are tried before a worker gives up
    recipients = [f"{uuid4().hex}@usagers.example" for _ in range(12)]
    ids = queue_mails(up.units, recipients)
    # when: 26 hours, looked at every ten minutes
    for _ in range(26 * 6):
        _round(down)
        clock.at += timedelta(minutes=10)
    assert _parked(up) == 0
    # then: the server is back; within the hour, each is there once
    clock.at += timedelta(hours=1)
    while _round(up):
        pass
    with up.sessions() as session:
        states = session.scalars(sa.select(Interaction.state).where(Interaction.id.in_(ids))).all()
    assert set(states) == {"sent"}
    assert [len(mails_to(servers.outbox_folder, one)) for one in recipients] == [1] * 12


def test_a_mailbox_that_is_full_for_ever_is_set_aside_as_before(up: Wiring, clock: FrozenClock) -> None:
    """That is of one address, not of the server: somebody must look."""
    queue_mails(up.units, ["ana@busy.invalid"])
    for _ in range(26 * 6):
        _round(up)
        clock.at += timedelta(minutes=10)
    assert _parked(up) == 1
