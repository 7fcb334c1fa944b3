"""Many mails, and several workers on one: each joined once, and the process that fetches them stays small."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm.cases import one_case
from crm.channels import Arrival, thread_names
from crm.foundation import ROOT, SYSTEM, Delivery, EventRow
from crm.inbox import Inbound, Outcome, store_inbound
from crm.interactions import Interaction, Message, Sent, begin_sending, mark_sent, queue_message
from crm.wiring import Wiring
from tests import given
from tests.channels.mails import ANA, mail
from tests.mail_servers import MailHouse, mail_house
from tests.web.world import World
from workers.jobs.run import do_deliveries

_MOST_MB, _MAILS = 400, 300
_FETCHING = """
import re, sys, threading
from pathlib import Path
from pydantic import SecretStr
from crm.channels import open_box
from crm.foundation.settings import Mailbox
from tests.own_database import wired_to
from workers.mailboxes import Fetcher

database, redis, port, user, password = sys.argv[1:]
wired = wired_to(database, redis, 9)
box = Mailbox(host="127.0.0.1", port=int(port), user=user, security="none", password=SecretStr(password))
with open_box(box) as opened:
    new = Fetcher(wired, box, threading.Event()).fetch(opened)
status = Path("/proc/self/status").read_text()
print(new, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[MailHouse]:
    with mail_house() as made:
        yield made


def test_three_workers_given_the_same_mail_join_it_once(wired: Wiring, world: World) -> None:
    with wired.units.begin(SYSTEM) as uow:
        contact = given.contact(uow, email=ANA)
        reference = given.open_case(uow, world.book, contact_id=contact, answer_channel="email")
        case_id = one_case(uow.session, SYSTEM, reference).id
        said = Message(kind="answer", channel="email", recipient=ANA, body="Bonjour.", contact_id=contact)
        sent = queue_message(uow, None, case_id, said)
        (leaving,) = begin_sending(uow, [sent], name=thread_names(wired.settings).message_id)
        mark_sent(uow, [Sent(sent)])
        came = Arrival(external_id=reference, content=mail("Au 12.", In_Reply_To=leaving.message_id))
        inbound_id = store_inbound(uow, "email", came)
    with wired.sessions() as session:
        job = sa.select(Delivery.id).where(Delivery.job == "understand_inbound", Delivery.done_at.is_(None))
        ids = session.scalars(job).all()
    workers = [threading.Thread(target=do_deliveries, args=(wired, ids)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with wired.sessions() as session:
        assert session.get_one(Inbound, inbound_id).outcome == Outcome.REPLY
        joined = sa.select(sa.func.count()).where(
            Interaction.case_id == case_id, Interaction.direction == "in"
        )
        settled = sa.select(sa.func.count()).where(
            EventRow.kind == "inbound.settled", EventRow.subject_id == inbound_id
        )
        assert session.scalar(joined.where(Interaction.channel == "email")) == 1
        assert session.scalar(settled) == 1


def test_hundreds_of_mails_at_once_leave_the_fetcher_small(
    wired: Wiring, house: MailHouse, workers_database: str
) -> None:
    """One in twenty weighs what a photo does; they are never held together."""
    box = house.box()
    house.put(box, *(_one(n) for n in range(_MAILS)))
    told = [
        workers_database,
        wired.settings.redis_url,
        str(house.imap),
        box.user,
        box.password.get_secret_value(),
    ]
    ran = subprocess.run(
        [sys.executable, "-c", _FETCHING, *told], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    new, megabytes = map(int, ran.stdout.split())
    assert (new, house.held(box)) == (_MAILS, 0)
    assert megabytes < _MOST_MB
    with wired.sessions() as session:
        kept = sa.select(sa.func.count()).where(Inbound.source == box.user)
        assert session.scalar(kept) == _MAILS


def _one(number: int) -> bytes:
    weight = "x" * 70 + "\n"
    return mail(f"Demande {number}.\n" + weight * (30_000 if number % 20 == 0 else 10))
