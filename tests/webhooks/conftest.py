"""A subscriber that listens, workers on the test's own session, and one unit that has work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.foundation import SYSTEM, Delivery, Sessions, Settings, SystemClock, Units
from crm.foundation.settings import Outside
from crm.notifications import claim_due
from crm.reactions import ON_DEMAND, REACTIONS
from crm.webhooks import TOLD, SubscriptionGiven, make_subscription, secret_of
from crm.wiring import Wiring, wire
from crm.wiring.rulebooks import Rulebooks
from tests import given
from tests.acting import act
from tests.servers import Servers
from tests.webhooks.receiver import Receiver, receiver
from workers.jobs.run import do_deliveries

SECRET = "a secret of this test alone"
EVERYTHING = tuple(fact.kind for fact in TOLD)
_OURS = ("prepare_webhooks", "tell_subscribers")


@dataclass
class World:
    wired: Wiring
    unit: int

    def subscribe(self, url: str, *, kinds: tuple[str, ...] = EVERYTHING, unit: int | None = None) -> str:
        """Returns the secret, as the screen shows it."""
        told = SubscriptionGiven(name="Logiciel des travaux", url=url, kinds=kinds, unit_id=unit)
        with self.wired.units.begin(SYSTEM) as uow:
            salt = make_subscription(uow, told, trusted=("127.0.0.1",))
        return secret_of(SECRET, salt)

    def open(self, **told: object) -> str:
        with self.wired.units.begin(SYSTEM) as uow:
            return given.open_case(uow, given.rulebook(uow), CaseState.ASSIGNED, **told)

    def act(self, reference: str, verb: str) -> None:
        with self.wired.units.begin(SYSTEM) as uow:
            act(uow, given.rulebook(uow), reference, verb)

    def work(self, *, whatever_due: bool = False) -> None:
        """As relay and worker do, until nothing is due. `whatever_due`: as if time had passed."""
        while True:
            with self.wired.units.begin(SYSTEM) as uow:
                if whatever_due:
                    undone = sa.update(Delivery).where(Delivery.done_at.is_(None))
                    uow.session.execute(undone.values(due_at=uow.now))
                    whatever_due = False
            with self.wired.units.begin(SYSTEM) as uow:
                claimed = [one.id for one in claim_due(uow, 200) if one.job in _OURS]
            if not claimed:
                return
            do_deliveries(self.wired, claimed)


@pytest.fixture
def world(sessions: Sessions, servers: Servers) -> Iterator[World]:
    settings = Settings(
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        secret_key=SECRET,
        outside=Outside(trusted_hosts=("127.0.0.1",)),
    )
    clock = SystemClock()  # subscribers compare our moment with theirs
    made = wire(settings, clock=clock)
    units = Units(sessions, clock, REACTIONS, ON_DEMAND)
    held = replace(made, sessions=sessions, units=units, rulebooks=Rulebooks(sessions, clock))
    with units.begin(SYSTEM) as uow:
        given.commune(uow)
        unit = given.unit(uow)
        given.category(uow)
        given.routing(uow, {"category_code": "VOIR-01", "unit_id": unit})
    yield World(held, unit)
    made.close()


@pytest.fixture
def subscriber() -> Iterator[Receiver]:
    with receiver() as listening:
        yield listening
