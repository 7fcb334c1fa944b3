"""Messages on their way, by the real mail server of the run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.channels import Channel, Outbound
from crm.foundation import Delivery, EventRow
from crm.interactions import Exchange, one_message
from crm.wiring import Wiring
from tests.own_database import mails_to, queue_mails, wired_to
from tests.servers import Servers
from workers.jobs.run import do_deliveries
from workers.jobs.send_message import _Batch


def _address() -> str:
    return f"{uuid4().hex}@usagers.example"


def _deliveries(wired: Wiring) -> list[Delivery]:
    with wired.sessions() as session:
        return list(session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def _message(wired: Wiring, interaction_id: int) -> Exchange:
    with wired.units.reading() as session:
        return one_message(session, interaction_id)


def _do_all(wired: Wiring) -> None:
    do_deliveries(wired, [one.id for one in _deliveries(wired)])


def test_a_queued_mail_leaves_once_and_the_fact_is_kept(wired: Wiring, servers: Servers) -> None:
    recipient = _address()
    (message_id,) = queue_mails(wired.units, [recipient])
    _do_all(wired)
    _do_all(wired)
    kept = _message(wired, message_id)
    assert kept.state == "sent" and kept.sent_at is not None and kept.tries == 1
    (mail,) = mails_to(servers.outbox_folder, recipient)
    assert (kept.message_id or "?").encode() in mail.read_bytes()
    assert all(one.done_at for one in _deliveries(wired))
    with wired.units.reading() as session:
        facts = sa.select(EventRow.kind).where(EventRow.data["interaction_id"].as_integer() == message_id)
        assert list(session.scalars(facts.order_by(EventRow.id))) == ["message.queued", "message.sent"]


def test_what_is_printed_or_said_by_somebody_is_not_sent(wired: Wiring, servers: Servers) -> None:
    (letter,) = queue_mails(wired.units, ["Ana Lopez\n1 rue des Lilas\n99000 Rivebois"], channel="letter")
    (call,) = queue_mails(wired.units, ["+33639980001"], channel="phone")
    _do_all(wired)
    assert (_message(wired, letter).state, _message(wired, call).state) == ("to_print", "to_call")
    assert all(one.done_at for one in _deliveries(wired))


def test_a_refused_address_is_shown_to_the_agent_and_not_tried_again(wired: Wiring, servers: Servers) -> None:
    good = _address()
    refused, sent = queue_mails(wired.units, ["nobody@nowhere.invalid", good])
    _do_all(wired)
    assert _message(wired, refused).state == "refused"
    assert _message(wired, refused).last_error == "smtp_550"
    assert _message(wired, sent).state == "sent"
    # what is left to do is to find the usager another way
    assert {one.job for one in _deliveries(wired) if not one.done_at} == {"reach_otherwise"}


def test_a_busy_mailbox_is_tried_again_under_the_same_message_id(wired: Wiring) -> None:
    (message_id,) = queue_mails(wired.units, ["ana@busy.invalid"])
    _do_all(wired)
    first = _message(wired, message_id)
    _do_all(wired)
    second = _message(wired, message_id)
    assert (first.state, second.state, second.tries) == ("failed", "failed", 2)
    assert first.message_id == second.message_id
    (delivery,) = _deliveries(wired)
    assert delivery.done_at is None and delivery.last_error == "smtp_451"


def test_with_the_mail_server_down_nothing_is_lost_and_few_are_tried(wired: Wiring, servers: Servers) -> None:
    recipients = [_address() for _ in range(10)]
    ids = queue_mails(wired.units, recipients)
    down = wired_to(wired.settings.database_url, servers.redis_url, smtp_port=1)
    _do_all(down)
    down.close()
    states = [_message(wired, one).state for one in ids]
    assert states == ["failed"] * 3 + ["queued"] * 7
    _do_all(wired)
    assert {_message(wired, one).state for one in ids} == {"sent"}
    assert all(len(mails_to(servers.outbox_folder, recipient)) == 1 for recipient in recipients)


def test_three_full_mailboxes_do_not_hold_up_those_behind_them(wired: Wiring) -> None:
    busy = queue_mails(wired.units, [f"ana{n}@busy.invalid" for n in range(4)])
    (behind,) = queue_mails(wired.units, [_address()])
    _do_all(wired)
    assert [_message(wired, one).state for one in (*busy, behind)] == ["failed"] * 4 + ["sent"]


@dataclass(frozen=True)
class _Stumbling:
    """The real channel, with a fault in the way it writes one message."""

    real: Channel
    over: int
    label = "Courriel"

    @contextmanager
    def open(self) -> Iterator[_Stumbling]:
        yield self

    def send(self, message: Outbound) -> str:
        if message.id == self.over:
            raise KeyError("a fault of ours")
        with self.real.open() as sender:
            return sender.send(message)


def test_one_message_that_breaks_the_programme_does_not_take_the_others_with_it(wired: Wiring) -> None:
    broken, sent = queue_mails(wired.units, [_address(), _address()])
    stumbling = cast(Channel, _Stumbling(wired.channels["email"], broken))
    _do_all(replace(wired, channels={"email": stumbling}))
    assert (_message(wired, broken).state, _message(wired, broken).last_error) == ("failed", "KeyError")
    assert _message(wired, sent).state == "sent"


def test_two_workers_given_the_same_messages_send_each_once(wired: Wiring, servers: Servers) -> None:
    recipients = [_address() for _ in range(60)]
    queue_mails(wired.units, recipients)
    ids = [one.id for one in _deliveries(wired)]
    workers = [threading.Thread(target=do_deliveries, args=(wired, ids)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [len(mails_to(servers.outbox_folder, recipient)) for recipient in recipients] == [1] * 60
    assert all(one.done_at for one in _deliveries(wired))


def test_a_channel_that_is_switched_off_waits_for_somebody_to_look(wired: Wiring) -> None:
    (message_id,) = queue_mails(wired.units, ["+33639980001"], channel="sms", kind="on_call")
    _do_all(wired)
    (delivery,) = _deliveries(wired)
    assert delivery.done_at is None and delivery.last_error == "channel_closed"
    assert _message(wired, message_id).state == "failed"


@dataclass
class _Lasting:
    """The real channel, with a worker killed just after so many messages left: nothing more is noted."""

    real: Channel
    most: int
    label = "Courriel"

    @contextmanager
    def open(self) -> Iterator[_Lasting]:
        yield self

    def send(self, message: Outbound) -> str:
        if self.most == 0:
            raise KeyboardInterrupt
        self.most -= 1
        with self.real.open() as sender:
            return sender.send(message)


def test_what_a_dead_worker_sent_without_noting_it_is_noted_and_not_sent_again(
    wired: Wiring, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    recipients = [_address() for _ in range(5)]
    ids = queue_mails(wired.units, recipients)
    dying = cast(Channel, _Lasting(wired.channels["email"], 3))
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(_Batch, "_note_left", lambda _: None)
        _do_all(replace(wired, channels={"email": dying}))
    assert {_message(wired, one).state for one in ids} == {"queued"}
    # when
    _do_all(wired)
    # then
    assert [len(mails_to(servers.outbox_folder, recipient)) for recipient in recipients] == [1] * 5
    assert {_message(wired, one).state for one in ids} == {"sent"}
    assert all(one.done_at for one in _deliveries(wired))
    facts = sa.select(sa.func.count()).where(
        EventRow.kind == "message.sent", EventRow.data["interaction_id"].as_integer().in_(ids)
    )
    with wired.units.reading() as session:
        assert session.scalar(facts) == 5


@dataclass
class _Watched:
    """The real channel, telling in what state the database has the messages when each one leaves."""

    real: Channel
    look: Callable[[], list[str]]
    seen: list[list[str]] = field(default_factory=list)
    label = "Courriel"

    @contextmanager
    def open(self) -> Iterator[_Watched]:
        yield self

    def send(self, message: Outbound) -> str:
        self.seen.append(self.look())
        with self.real.open() as sender:
            return sender.send(message)


def test_without_redis_each_message_is_noted_before_the_next_leaves(wired: Wiring, servers: Servers) -> None:
    ids = queue_mails(wired.units, [_address(), _address()])
    alone = wired_to(wired.settings.database_url, "redis://127.0.0.1:1/0", smtp_port=servers.smtp_port)
    watched = _Watched(alone.channels["email"], lambda: [_message(wired, one).state for one in ids])
    _do_all(replace(alone, channels={"email": cast(Channel, watched)}))
    alone.close()
    assert watched.seen == [["queued", "queued"], ["sent", "queued"]]
