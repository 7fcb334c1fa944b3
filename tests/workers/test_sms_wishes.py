"""What leaves by SMS, by a real gateway: not to who said STOP, not at night, nor at a retry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from crm.cases import case_by_id
from crm.contacts import refuse_sms
from crm.foundation import PARIS, SYSTEM, Delivery, FrozenClock, Settings
from crm.foundation.settings import Mail, Sms
from crm.interactions import Interaction, Message, queue_message
from crm.promises.models import OnCallShift
from crm.wiring import Wiring, wire
from tests import given
from tests.at_work import work
from tests.channels.test_sms import Gateway, gateway
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.world import World

__all__ = ["gateway"]


@dataclass
class Centre:
    wired: Wiring
    clock: FrozenClock
    gateway: Gateway

    def at(self, moment: str) -> None:
        self.clock.at = datetime.fromisoformat(moment).replace(tzinfo=PARIS)

    def work(self) -> None:
        work(self.wired)

    def texts(self, number: str) -> list[str]:
        return [one["text"] for one in self.gateway.taken if one["to"] == number]

    def queue(self, number: str, **told: object) -> int:
        with self.wired.units.begin(SYSTEM) as uow:
            about = {"kind": "registration", "body": "Demande enregistrée.", **told}
            return queue_message(uow, None, 0, Message(channel="sms", recipient=number, **about))  # type: ignore[arg-type]

    def message(self, message_id: int) -> Interaction:
        with self.wired.sessions() as session:
            return session.get_one(Interaction, message_id)


@pytest.fixture
def centre(
    workers_database: str, world: World, wired: Wiring, servers: Servers, gateway: Gateway
) -> Iterator[Centre]:
    """`wired` and `world` first: an outbox that holds nothing, and the delivered texts."""
    clock = FrozenClock(datetime(2026, 9, 15, 10, 0, tzinfo=PARIS))
    sms = Sms(url=f"http://127.0.0.1:{gateway.server_port}/sms", token=SecretStr("jeton"), timeout_seconds=2)
    mail = Mail(host="127.0.0.1", port=servers.smtp_port, timeout_seconds=3)
    settings = Settings(database_url=workers_database, redis_url=servers.redis_url, mail=mail, sms=sms)
    made = wire(settings, clock=clock)
    yield Centre(made, clock, gateway)
    made.close()


@pytest.fixture
def number() -> str:
    """Of the range kept for fictions; nobody else's in this database."""
    return f"+3363998{uuid4().int % 10_000:04d}"


def test_stop_is_answered_once_even_at_night_and_nothing_follows(centre: Centre, number: str) -> None:
    centre.at("2026-09-15 23:00")
    for _ in range(2):
        with centre.wired.units.begin(SYSTEM) as uow:
            refuse_sms(uow, number, "sms")
    centre.work()
    (confirmation,) = centre.texts(number)
    assert "plus de SMS" in confirmation and "REPRENDRE" in confirmation
    centre.at("2026-09-16 10:00")
    refused = centre.queue(number)
    centre.work()
    assert len(centre.texts(number)) == 1
    kept = centre.message(refused)
    assert (kept.state, kept.last_error) == ("refused", "sms_refused")


def test_said_by_an_agent_or_confirmed_by_the_provider_it_needs_no_sms(centre: Centre, number: str) -> None:
    with centre.wired.units.begin(SYSTEM) as uow:
        refuse_sms(uow, number, "agent")
    centre.work()
    assert centre.texts(number) == []


def test_what_is_owed_to_who_said_stop_leaves_by_the_next_way(
    centre: Centre, number: str, servers: Servers
) -> None:
    email = f"{uuid4().hex}@usagers.example"
    with centre.wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone=number, email=email)
        told = {"contact_id": who, "answer_channel": "sms", "channel": "web"}
        reference = given.open_case(uow, given.rulebook(uow), **told)
        case_id = uow.session.scalar(sa.text("SELECT id FROM cases WHERE reference = :r"), {"r": reference})
        case = case_by_id(uow.session, int(case_id or 0))
        answer = Message(kind="answer", channel="sms", recipient=number, body="C’est fait.", contact_id=who)
        queue_message(uow, case, case.id, answer)  # written before they said it
        refuse_sms(uow, number, "agent")
    centre.work()
    assert centre.texts(number) == []
    mails = [message_from_bytes(one.read_bytes()) for one in mails_to(servers.outbox_folder, email)]
    said = "".join(str(one.get_payload(0).get_payload(decode=True), "utf-8") for one in mails)  # type: ignore[union-attr]
    assert "C’est fait." in said, "the answer"
    assert reference in said, "the receipt that the law asks for"


def test_a_retry_waits_for_the_morning_and_is_no_try(centre: Centre, number: str) -> None:
    centre.at("2026-09-15 19:59")
    centre.gateway.answer = 503
    message_id = centre.queue(number)
    centre.work()
    assert (centre.message(message_id).state, len(centre.texts(number))) == ("failed", 1)
    centre.gateway.answer = 201
    centre.at("2026-09-15 20:05")
    centre.work()
    assert len(centre.texts(number)) == 1, "nobody’s telephone rings at night, even at the second try"
    with centre.wired.sessions() as session:
        delivery = session.scalars(sa.select(Delivery).where(Delivery.done_at.is_(None))).one()
    assert delivery.due_at == datetime(2026, 9, 16, 8, 0, tzinfo=PARIS)
    assert delivery.attempts == 1
    centre.at("2026-09-16 08:00")
    centre.work()
    assert (centre.message(message_id).state, len(centre.texts(number))) == ("sent", 2)


@pytest.mark.parametrize("moment", ["2026-11-11 10:00", "2026-09-20 10:00", "2026-09-15 06:00"])
def test_a_holiday_a_sunday_and_a_night_are_quiet(centre: Centre, number: str, moment: str) -> None:
    centre.at(moment)
    centre.queue(number)
    centre.work()
    assert centre.texts(number) == []


def test_whoever_is_on_call_is_called_at_night_whatever_they_said_as_a_usager(
    centre: Centre, number: str
) -> None:
    centre.at("2026-09-20 03:00")
    with centre.wired.units.begin(SYSTEM) as uow:
        refuse_sms(uow, number, "agent")
    centre.queue(number, kind="on_call", body="URGENT : mise en sécurité.")
    centre.work()
    assert centre.texts(number) == ["URGENT : mise en sécurité."]


def test_a_call_that_the_gateway_refuses_is_a_mail_to_the_same_agent(
    centre: Centre, world: World, number: str, servers: Servers
) -> None:
    centre.at("2026-09-20 03:00")
    with centre.wired.units.begin(SYSTEM) as uow:
        hours = {"starts_at": uow.now - timedelta(hours=9), "ends_at": uow.now + timedelta(hours=5)}
        on_call = {"unit_id": world.services["voirie"], "agent_id": world.ids["field_agent"]}
        uow.session.add(OnCallShift(**on_call, **hours, phone=number))
    centre.gateway.answer = 422
    centre.queue(number, kind="on_call", subject="URGENT", body="URGENT : mise en sécurité.")
    centre.work()
    assert len(mails_to(servers.outbox_folder, world.agents["field_agent"])) == 1
