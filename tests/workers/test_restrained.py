"""Of a demand that few may read, the programme writes nothing: a person calls. In danger, no receipt."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.appointments import book_appointment
from crm.cases import Following, Restriction, follow_case, restrict_case, secure_case
from crm.foundation import SYSTEM
from crm.interactions import Interaction
from crm.notifications import claim_due
from crm.wiring import Wiring
from tests import given
from tests.acting import in_days, version
from tests.at_work import work
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.world import World
from workers.jobs.run import do_deliveries


@pytest.fixture
def mailbox(world: World) -> str:
    return f"{uuid4().hex}@usagers.example"


def _opened(wired: Wiring, world: World, mailbox: str, *, phone: str = "", by: str = "email") -> str:
    with wired.units.begin(SYSTEM) as uow:
        who = given.contact(uow, family_name=uuid4().hex[:8], email=mailbox, phone=phone)
        return given.open_case(uow, world.book, contact_id=who, answer_channel=by)


def _restrict(wired: Wiring, reference: str, why: str) -> None:
    with wired.units.begin(SYSTEM) as uow:
        restrict_case(uow, reference, Restriction(reason=why, motive="Des coups."))


def _calls(wired: Wiring) -> list[tuple[str, str, str]]:
    asked = sa.select(Interaction.kind, Interaction.recipient, Interaction.body)
    with wired.sessions() as session:
        rows = session.execute(asked.where(Interaction.state == "to_call").order_by(Interaction.id))
        return [(row.kind, row.recipient, row.body) for row in rows]


def test_news_is_told_by_a_person_and_followers_hear_nothing(
    wired: Wiring, world: World, servers: Servers, mailbox: str
) -> None:
    other = f"{uuid4().hex}@usagers.example"
    reference = _opened(wired, world, mailbox, phone="06 39 98 12 34")
    with wired.units.begin(SYSTEM) as uow:
        told = given.contact(uow, family_name=uuid4().hex[:8], email=other, phone="")
        follow_case(
            uow,
            reference,
            Following(key=uuid4().hex, contact_id=told, answer_channel="email", channel="phone"),
        )
    work(wired)
    before = (len(mails_to(servers.outbox_folder, mailbox)), len(mails_to(servers.outbox_folder, other)))
    _restrict(wired, reference, "grave")
    with wired.units.begin(SYSTEM) as uow:
        told_safe = {"report": "Barrière posée.", "planned_on": in_days(uow, 3)}
        secure_case(uow, reference, **told_safe, seen_version=version(uow, reference))
    work(wired)
    after = (len(mails_to(servers.outbox_folder, mailbox)), len(mails_to(servers.outbox_folder, other)))
    assert after == before == (1, 1)
    [(kind, number, words)] = _calls(wired)
    assert (kind, number) == ("secured", "+33639981234") and words


def test_in_danger_what_had_not_left_does_not_leave(
    wired: Wiring, world: World, servers: Servers, mailbox: str
) -> None:
    """Nobody's telephone is known: somebody finds a way. The receipt of the law waits, and says why."""
    reference = _opened(wired, world, mailbox)
    with wired.units.begin(SYSTEM) as uow:
        first = [one.id for one in claim_due(uow, 200)]
    do_deliveries(wired, first)  # written, and not sent yet
    _restrict(wired, reference, "exposed")
    work(wired)
    assert mails_to(servers.outbox_folder, mailbox) == []
    [(kind, number, words)] = _calls(wired)
    assert (kind, number) == ("to_reach", "") and reference in words


def test_a_receipt_leaves_of_what_is_only_grave(
    wired: Wiring, world: World, servers: Servers, mailbox: str
) -> None:
    reference = _opened(wired, world, mailbox)
    _restrict(wired, reference, "grave")
    work(wired)
    assert len(mails_to(servers.outbox_folder, mailbox)) == 1 and _calls(wired) == []


def test_an_appointment_is_told_by_a_call(
    wired: Wiring, world: World, servers: Servers, mailbox: str, slots: list[int]
) -> None:
    reference = _opened(wired, world, mailbox)
    work(wired)
    _restrict(wired, reference, "exposed")
    with wired.units.begin(SYSTEM) as uow:
        book_appointment(uow, reference, slots[0], key=uuid4().hex)
    work(wired)
    assert len(mails_to(servers.outbox_folder, mailbox)) == 1  # of before
    [(kind, _number, words)] = _calls(wired)
    assert kind == "to_reach" and "rendez-vous" in words.lower()


def test_whoever_chose_the_telephone_is_called_all_the_same(
    wired: Wiring, world: World, mailbox: str, slots: list[int]
) -> None:
    reference = _opened(wired, world, mailbox, phone="06 39 98 12 34", by="phone")
    _restrict(wired, reference, "grave")
    with wired.units.begin(SYSTEM) as uow:
        secure_case(
            uow, reference, report="", planned_on=in_days(uow, 3), seen_version=version(uow, reference)
        )
    work(wired)
    assert _calls(wired) == [], "an automatic message is not a task for somebody"
    with wired.units.begin(SYSTEM) as uow:
        book_appointment(uow, reference, slots[0], key=uuid4().hex)
    work(wired)
    [(kind, number, words)] = _calls(wired)
    assert (kind, number) == ("appointment", "+33639981234") and "rendez-vous" in words.lower()
