"""Nobody subscribed: a fact leaves nothing to do. Somebody did: the very next fact finds them."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.foundation import SYSTEM, Delivery
from crm.webhooks import Sending, Subscription, forget_sendings
from tests.webhooks.conftest import World
from tests.webhooks.receiver import Receiver


def _sought(world: World) -> int:
    """How many times subscribers were to be looked for."""
    with world.wired.units.reading() as session:
        of = sa.select(sa.func.count()).where(Delivery.job == "prepare_webhooks")
        return session.scalars(of).one()


def _active(world: World, *, is_active: bool) -> None:
    with world.wired.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Subscription).values(is_active=is_active))


def test_without_a_subscriber_nothing_is_to_be_done_and_the_first_one_misses_nothing(world: World) -> None:
    world.open()
    assert _sought(world) == 0
    world.subscribe("https://travaux.example/crm", kinds=("case.closed",))
    world.open()
    assert _sought(world) == 0  # it wants another fact
    world.subscribe("https://voirie.example/crm", kinds=("case.opened",))
    reference = world.open()
    assert _sought(world) == 1
    _active(world, is_active=False)
    world.act(reference, "accept")
    world.open()
    assert _sought(world) == 1
    _active(world, is_active=True)
    world.open()
    assert _sought(world) == 2


def test_what_was_told_long_ago_goes_and_what_waits_stays(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    world.open()
    world.work()
    world.open()
    with world.wired.units.begin(SYSTEM) as uow:
        aged = sa.update(Sending).values(created_at=uow.now - timedelta(days=91))
        uow.session.execute(aged)
        made = uow.session.scalars(sa.select(sa.func.count()).select_from(Sending)).one()
    assert made == 1  # the second is not prepared yet
    with world.wired.units.begin(SYSTEM) as uow:
        assert forget_sendings(uow, timedelta(days=92)) == 0
        assert forget_sendings(uow, timedelta(days=90)) == 1
    world.work()
    assert subscriber.kinds() == ["case.opened", "case.opened"]
