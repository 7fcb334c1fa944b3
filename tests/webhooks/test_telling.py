"""A subscriber is told of facts: signed, in order, until it hears, and never what is personal."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from crm.cases import Restriction, restrict_case
from crm.foundation import SYSTEM, Delivery
from crm.webhooks import Sending, Subscription, send_again
from tests import given
from tests.webhooks.conftest import World
from tests.webhooks.receiver import Receiver


def _states(world: World) -> list[tuple[str, int, str | None]]:
    with world.wired.units.reading() as session:
        rows = session.scalars(sa.select(Sending).order_by(Sending.id)).all()
        return [(row.state, row.tries, row.last_error) for row in rows]


def test_what_is_told_is_signed_and_holds_nobody(world: World, subscriber: Receiver) -> None:
    secret = world.subscribe(subscriber.url)
    with world.wired.units.begin(SYSTEM) as uow:
        contact = given.contact(uow)
    reference = world.open(contact_id=contact, answer_channel="email")
    world.work()
    assert subscriber.kinds() == ["case.opened", "case.routed"]
    for headers, body in subscriber.heard:
        told = Webhook(secret).verify(body, headers)
        assert told["data"]["reference"] == reference
        for word in ("Diallo", "aicha", "chaussée", "Lilas"):
            assert word not in body.decode()
    headers, body = subscriber.heard[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"opened", b"closed"), headers)
    assert subscriber.taken[1]["data"]["unit"] == "voirie"


def test_one_that_fails_hears_everything_in_order_once_it_is_back(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url)
    subscriber.answers = [500]
    reference = world.open()
    world.act(reference, "accept")
    world.work()
    assert _states(world) == [("failed", 1, "http_500"), ("waiting", 0, None), ("waiting", 0, None)]
    assert len(subscriber.heard) == 1, "what came later waits for what came before"
    other = world.open()
    world.work()
    assert [one["data"]["reference"] for one in subscriber.taken] == [other, other]
    world.work(whatever_due=True)
    of_the_first = [one["type"] for one in subscriber.taken if one["data"]["reference"] == reference]
    assert of_the_first == ["case.opened", "case.routed", "case.accepted"]
    assert {state for state, _, _ in _states(world)} == {"sent"}
    with world.wired.units.reading() as session:
        undone = sa.select(Delivery.job).where(Delivery.done_at.is_(None), Delivery.job == "tell_subscribers")
        assert not session.scalars(undone).all()


def test_each_try_bears_the_same_id(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    subscriber.answers = [503]
    world.open()
    world.work()
    world.work(whatever_due=True)
    first, second = (headers["webhook-id"] for headers, _ in subscriber.heard)
    assert first == second and subscriber.kinds() == ["case.opened"]


@pytest.mark.parametrize(("status", "state"), [(302, "failed"), (404, "failed"), (410, "stopped")])
def test_only_a_2xx_counts_and_gone_means_gone(
    world: World, subscriber: Receiver, status: int, state: str
) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    subscriber.answers = [status]
    world.open()
    world.work()
    assert [(one, error) for one, _, error in _states(world)] == [(state, f"http_{status}")]
    assert len(subscriber.heard) == 1, "no redirection is followed"
    with world.wired.units.reading() as session:
        assert session.scalars(sa.select(Subscription.is_active)).one() is (status != 410)


def test_a_subscriber_that_is_down_is_left_alone_and_no_try_is_used_up(
    world: World, subscriber: Receiver
) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    subscriber.answers = [500] * 9
    for _ in range(5):
        world.open()
    world.work()
    assert len(subscriber.heard) == 3
    with world.wired.units.reading() as session:
        tries = sa.select(Delivery.attempts).where(Delivery.job == "tell_subscribers").order_by(Delivery.id)
        assert session.scalars(tries).all() == [1, 1, 1, 0, 0]


def test_it_is_sent_again_when_somebody_asks(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    world.open()
    world.work()
    with world.wired.units.begin(SYSTEM) as uow:
        send_again(uow, uow.session.scalars(sa.select(Sending.id)).one())
    world.work()
    assert subscriber.kinds() == ["case.opened", "case.opened"]
    assert _states(world) == [("sent", 1, None)]


def test_only_its_own_unit_and_facts(world: World, subscriber: Receiver) -> None:
    with world.wired.units.begin(SYSTEM) as uow:
        other = given.unit(uow, "autre")
    world.subscribe(subscriber.url, unit=other)
    world.subscribe(subscriber.url, kinds=("case.accepted",), unit=world.unit)
    world.act(world.open(), "accept")
    world.work()
    assert subscriber.kinds() == ["case.accepted"]


def test_of_a_case_that_few_may_read_nobody_outside_is_told(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url, kinds=("case.accepted",))
    reference = world.open()
    with world.wired.units.begin(SYSTEM) as uow:
        restrict_case(uow, reference, Restriction(reason="grave", motive="Des coups."))
    world.act(reference, "accept")
    world.act(world.open(), "accept")
    world.work()
    assert subscriber.kinds() == ["case.accepted"]  # of the other one
    assert reference not in str(subscriber.heard)


def test_without_subscribers_nothing_is_kept(world: World) -> None:
    world.open()
    world.work()
    assert _states(world) == []


def test_an_address_inside_is_never_called(world: World, subscriber: Receiver) -> None:
    world.subscribe(subscriber.url, kinds=("case.opened",))
    with world.wired.units.begin(SYSTEM) as uow:
        row = uow.session.scalars(sa.select(Subscription)).one()
        row.url = row.url.replace("127.0.0.1", "127.0.0.2")  # not the one that is trusted
    world.open()
    world.work()
    assert _states(world) == [("stopped", 0, "private_address")] and not subscriber.heard
