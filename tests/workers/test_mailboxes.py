"""Our mailboxes, read from a real dovecot and filled by a real exim: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from crm.channels import mail_box, open_box, open_channels, open_receivers
from crm.contacts import ContactPoint
from crm.foundation import SYSTEM, Unavailable
from crm.foundation.settings import Mail, Mailbox
from crm.inbox import Inbound, Outcome
from crm.interactions import Interaction
from crm.wiring import Wiring
from tests.at_work import work
from tests.channels.mails import mail
from tests.mail_servers import DOMAIN, MailHouse, mail_house
from tests.own_database import queue_mails
from tests.waiting import wait_until
from workers.mailboxes import Fetcher

DONE = ".Trait&AOk-"  # « Traité », as IMAP spells it


@pytest.fixture(scope="module")
def house() -> Iterator[MailHouse]:
    with mail_house() as made:
        yield made


def _fetch(wired: Wiring, box: Mailbox) -> int:
    with open_box(box) as opened:
        return Fetcher(wired, box, threading.Event()).fetch(opened)


def _arrivals(wired: Wiring, box: Mailbox) -> list[Inbound]:
    with wired.sessions() as session:
        return list(
            session.scalars(sa.select(Inbound).where(Inbound.source == box.user).order_by(Inbound.id))
        )


def test_what_waits_is_kept_then_put_away(wired: Wiring, house: MailHouse) -> None:
    box = house.box()
    house.put(box, mail("Un trou."), mail("Un arbre."))
    assert _fetch(wired, box) == 2
    assert _fetch(wired, box) == 0
    assert (house.held(box), house.held(box, DONE)) == (0, 2)
    assert all(row.received_at <= wired.clock.now() for row in _arrivals(wired, box))


def test_a_mail_is_understood_then_its_original_leaves_the_database(wired: Wiring, house: MailHouse) -> None:
    box = house.box()
    sent = mail("Un trou devant le 12.")
    house.put(box, sent)
    _fetch(wired, box)
    work(wired)
    (row,) = _arrivals(wired, box)
    assert (row.outcome, row.text) == (Outcome.WAITING, "Un trou devant le 12.")
    assert row.key is not None and row.key.endswith(".eml")
    assert wired.storage.get(row.key).replace(b"\r\n", b"\n") == sent.replace(b"\r\n", b"\n")
    with wired.sessions() as session:
        left = sa.text("SELECT count(*) FROM inbound_raw WHERE inbound_id = :one")
        assert session.scalar(left, {"one": row.id}) == 0


def test_a_connection_cut_before_the_move_brings_nothing_twice(
    wired: Wiring, house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = house.box()
    house.put(box, mail("Un trou."), mail("Un arbre."))

    def cut(*_: object) -> None:
        house.stop_imap()
        raise OSError("cut")

    with monkeypatch.context() as cutting, pytest.raises(Unavailable):
        cutting.setattr(mail_box.Box, "put_away", cut)
        _fetch(wired, box)
    house.start_imap()
    assert len(_arrivals(wired, box)) == 2
    assert _fetch(wired, box) == 0
    assert (house.held(box), house.held(box, DONE)) == (0, 2)
    assert len(_arrivals(wired, box)) == 2


def test_after_a_long_time_away_all_that_waited_comes_in_once(wired: Wiring, house: MailHouse) -> None:
    box = house.box()
    house.stop_imap()
    stopping = threading.Event()
    watching = threading.Thread(target=Fetcher(wired, box, stopping).run)
    watching.start()
    house.put(box, *(mail(f"Demande {n}.", From=f"ana{n}@usagers.example") for n in range(200)))
    house.start_imap()
    try:
        wait_until(lambda: len(_arrivals(wired, box)) == 200 and house.held(box) == 0)
        house.put(box, mail("Et une de plus."))
        wait_until(lambda: len(_arrivals(wired, box)) == 201)
    finally:
        stopping.set()
        watching.join()
    assert house.held(box, DONE) == 201
    assert len({row.external_id for row in _arrivals(wired, box)}) == 201


def test_two_hosts_on_one_box_take_each_mail_once(wired: Wiring, house: MailHouse) -> None:
    box = house.box()
    house.put(box, *(mail(f"Demande {n}.") for n in range(40)))
    hosts = [threading.Thread(target=_fetch, args=(wired, box)) for _ in range(3)]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join()
    assert len(_arrivals(wired, box)) == 40
    assert house.held(box) == 0


def test_what_another_host_put_away_meanwhile_hinders_nothing(house: MailHouse) -> None:
    box = house.box()
    house.put(box, *(mail(f"Demande {n}.") for n in range(4)))
    with open_box(box) as slow, open_box(box) as quick:
        seen = list(slow.waiting())
        quick.put_away(seen[:2])
        slow.put_away(seen)
        slow.put_away(seen)
    assert (house.held(box), house.held(box, DONE)) == (0, 4)


def test_what_is_too_big_is_kept_by_its_head(wired: Wiring, house: MailHouse) -> None:
    box = house.box(largest_mb=1)
    house.put(box, mail("x" * 70 + "\n" * 1_100_000, Subject="Vidéo"))
    _fetch(wired, box)
    work(wired)
    (row,) = _arrivals(wired, box)
    assert (row.outcome, row.reason, row.subject) == (Outcome.WAITING, "too_big", "Vidéo")
    assert row.size < 10_000
    assert house.held(box, DONE) == 1


def test_a_box_that_refuses_us_says_so(house: MailHouse) -> None:
    wrong = house.box().model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises(Unavailable) as refused, open_box(wrong):
        pass
    assert refused.value.details["why"] == "MailboxLoginError"


@pytest.fixture
def looped(wired: Wiring, house: MailHouse) -> tuple[Wiring, Mailbox]:
    """The house whose mail leaves by the real server and comes back to a box of ours."""
    return _loop(wired, house)


def _loop(wired: Wiring, house: MailHouse, *, receipts: bool = False) -> tuple[Wiring, Mailbox]:
    box = house.box()
    told = Mail(
        host="127.0.0.1", port=house.smtp, sender=box.user, reply_to=box.user, timeout_seconds=5,
        delivery_receipts=receipts,
    )  # fmt: skip
    settings = wired.settings.model_copy(
        update={"mail": told, "mailboxes": (box,), "secret_key": SecretStr("a key of the tests")}
    )
    channels, receivers = open_channels(settings), open_receivers(settings)
    return replace(wired, settings=settings, channels=channels, receivers=receivers), box


def _one_fetched(wired: Wiring, house: MailHouse, box: Mailbox) -> Inbound:
    wait_until(lambda: house.held(box) == 1)
    _fetch(wired, box)
    work(wired)
    return _arrivals(wired, box)[-1]


def test_a_real_mail_server_returns_what_nobody_receives(
    looped: tuple[Wiring, Mailbox], house: MailHouse
) -> None:
    wired, box = looped
    with wired.units.begin(SYSTEM) as uow:
        uow.session.add(ContactPoint(kind="email", value="gone@usagers.example"))
    (sent,) = queue_mails(wired.units, ["gone@usagers.example"])
    work(wired)
    row = _one_fetched(wired, house, box)
    assert (row.nature, row.outcome, row.reason) == ("bounce", Outcome.RECEIPT, "bounce")
    with wired.sessions() as session:
        message = session.get_one(Interaction, sent)
        assert message.state == "refused" and str(message.last_error).startswith("bounce_5.")
        failed = sa.select(ContactPoint.failed_at).where(ContactPoint.value == "gone@usagers.example")
        assert session.scalar(failed) is not None


def test_a_real_mail_server_tells_that_a_mail_is_in_its_box_when_asked(
    wired: Wiring, house: MailHouse
) -> None:
    asking, box = _loop(wired, house, receipts=True)
    theirs = house.box()
    (sent,) = queue_mails(asking.units, [theirs.user])
    work(asking)
    row = _one_fetched(asking, house, box)
    assert (row.nature, row.outcome, row.reason) == ("receipt", Outcome.RECEIPT, "delivered")
    with asking.sessions() as session:
        message = session.get_one(Interaction, sent)
        assert (message.state, row.interaction_id) == ("sent", sent)
        assert message.delivered_at is not None and message.delivered_at <= row.received_at


def test_nothing_is_asked_of_a_mail_server_by_default(
    looped: tuple[Wiring, Mailbox], house: MailHouse
) -> None:
    wired, box = looped
    theirs, gone = house.box(), "nobody@usagers.example"
    queue_mails(wired.units, [theirs.user, gone])
    work(wired)
    assert _one_fetched(wired, house, box).reason == "bounce"
    assert (house.held(theirs), len(_arrivals(wired, box))) == (1, 1)


def test_a_reply_by_a_real_mail_server_finds_its_message_by_the_address(
    looped: tuple[Wiring, Mailbox], house: MailHouse
) -> None:
    wired, box = looped
    other = house.box()
    assert other.user.endswith(DOMAIN)
    (sent,) = queue_mails(wired.units, [other.user])
    work(wired)
    wait_until(lambda: house.held(other) == 1)
    with open_box(other) as opened:
        (received,) = [opened.take(mail) for mail in opened.waiting()]
    assert received is not None
    told = open_receivers(wired.settings)["email"].understand(received)
    assert told.nature == "ours"
    reply = EmailMessage()
    reply["From"], reply["Subject"] = "ana@usagers.example", "Re : votre demande"
    reply["To"] = told.details["reply_to"]
    reply.set_content("Merci.")
    house.send(reply["To"], reply.as_bytes())
    _one_fetched(wired, house, box)
    content = wired.storage.get(str(_arrivals(wired, box)[-1].key))
    assert wired.receivers["email"].understand(replace(received, content=content)).tokens == (str(sent),)
