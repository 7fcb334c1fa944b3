"""Mails that answer us, from the bytes kept to the reply on its demand, by one worker."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from bench.house import House
from bench.plan import Plan
from bench.table import Line, judged
from crm.cases import Case
from crm.channels import Arrival, thread_names
from crm.foundation import SYSTEM, Delivery
from crm.inbox import Inbound, Outcome, store_inbound
from crm.interactions import Message, Sent, begin_sending, mark_sent, queue_message
from crm.wiring import Wiring, wire
from workers.jobs.run import do_deliveries

_JOB = "understand_inbound"
_TOGETHER = 50  # what the relay hands over at once, about
_LEAST = 20
_SOURCE = f"banc-{time.time_ns()}"  # the population stays from run to run
_MAIL = """From: Ana Lopez <{sender}>\r
To: Centre <{address}>\r
Subject: =?utf-8?q?Re=C2=A0=3A_Votre_demande?=\r
Date: Tue, 15 Sep 2026 09:12:00 +0200\r
Message-ID: <{source}-{number}@exemple.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="b"\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Bonjour,\r
\r
C’est au {number}, devant l’école.\r
\r
Cordialement,\r
Ana Lopez\r
\r
Le mar. 15 sept. 2026 à 08:01, Relation usagers a écrit :\r
{quoted}\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Bonjour,</p><p>C’est devant l’école.</p>\r
--b--\r
"""


def measure(house: House, plan: Plan) -> Iterator[Line]:
    wired = wire(house.settings)
    try:
        count = _arrived(wired, min(plan.mails // 5, 2_000))
        seconds = _understood(wired)
        with wired.units.reading() as session:
            joined = session.scalar(
                sa.select(sa.func.count()).where(Inbound.source == _SOURCE, Inbound.outcome == Outcome.REPLY)
            )
    finally:
        wired.close()
    wrong = count - (joined or 0)
    yield judged(
        "mails joined to their demand, a worker", count / seconds, "/s", f"≥ {_LEAST}",
        lambda rate: rate >= _LEAST, wrong,
    )  # fmt: skip


def _arrived(wired: Wiring, most: int) -> int:
    """Open demands whose usager was written to, and their answers kept raw. Returns how many."""
    names = thread_names(wired.settings)
    with wired.units.reading() as session:
        open_ones = sa.select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id).limit(most)
        case_ids = session.scalars(open_ones).all()
    with wired.units.begin(SYSTEM) as uow:
        sent = {case_id: queue_message(uow, None, case_id, _message(case_id)) for case_id in case_ids}
        begin_sending(uow, list(sent.values()), name=names.message_id)
        mark_sent(uow, [Sent(one) for one in sent.values()])
        for case_id, message_id in sent.items():
            store_inbound(uow, "email", _answer(case_id, names.reply_address(message_id)))
    return len(case_ids)


def _message(number: int) -> Message:
    return Message(
        kind="registration", channel="email", recipient=_sender(number), body="Bonjour.", is_public=True
    )


def _answer(number: int, address: str) -> Arrival:
    quoted = "> Votre demande est enregistrée sous la référence.\r\n" * 30
    mail = _MAIL.format(sender=_sender(number), address=address, number=number, quoted=quoted, source=_SOURCE)
    return Arrival(
        external_id=f"{_SOURCE}-{number}",
        content=mail.encode(),
        source=_SOURCE,
        media_type="message/rfc822",
    )


def _sender(number: int) -> str:
    return f"banc{number}@exemple{number % 50}.example"


def _understood(wired: Wiring) -> float:
    """Seconds from the first to the last, as a worker that the relay feeds."""
    with wired.units.reading() as session:
        due = session.scalars(
            sa.select(Delivery.id)
            .where(Delivery.job == _JOB, Delivery.done_at.is_(None))
            .order_by(Delivery.id)
        ).all()
    began = time.monotonic()
    for some in _by(due, _TOGETHER):
        do_deliveries(wired, some)
    return time.monotonic() - began


def _by(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for begin in range(0, len(ids), size):
        yield ids[begin : begin + size]
