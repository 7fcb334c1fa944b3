"""Servers and workers die while the house works: nothing is lost, nothing recorded as sent leaves twice."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crm.cases import Case
from crm.contacts import NewContact
from crm.foundation import RESIDENT, SYSTEM, Delivery
from crm.intake import Demand, PlaceGiven, register_demand
from crm.interactions import Interaction
from crm.knowledge.models import ReplyTemplateRow
from tests import given
from tests.chaos.conftest import House
from tests.own_database import queue_mails
from tests.waiting import wait_until

_MESSAGE_ID = re.compile(rb"^Message-ID: (.+)\r$", re.MULTILINE)


def _mails(house: House) -> Counter[bytes]:
    """How many mails were accepted under each Message-ID."""
    found = (_MESSAGE_ID.search(path.read_bytes()) for path in house.outbox.glob("[!.]*.eml"))
    return Counter(match[1] for match in found if match)


def _count(house: House, query: sa.Select[int]) -> int:
    try:
        with house.wired.sessions() as session:
            return session.execute(query).scalar_one()
    except DBAPIError:
        return -1  # the database is away, on purpose


_UNDONE = sa.select(sa.func.count()).where(Delivery.done_at.is_(None))
_UNSENT = (
    sa.select(sa.func.count()).select_from(Interaction).where(Interaction.state.in_(["queued", "failed"]))
)


def test_a_worker_killed_in_the_middle_of_a_batch_repeats_at_most_the_message_in_flight(house: House) -> None:
    # given
    queue_mails(house.wired.units, [f"{n}@usagers.example" for n in range(150)])
    house.run("workers.relay")
    worker = house.run("workers.main")
    # when
    wait_until(lambda: len(_mails(house)) >= 20, 60, "nothing leaves")
    house.kill(worker)
    assert _count(house, _UNSENT) > 0, "killed too late to prove anything"
    house.run("workers.main")
    # then
    wait_until(lambda: _count(house, _UNDONE) == 0, 90, "what the dead worker held never left")
    assert len(_mails(house)) == 150
    assert sum(_mails(house).values()) <= 151


def test_a_day_when_everything_falls_while_two_hundred_people_write_to_us(house: House) -> None:
    # given
    with house.wired.units.begin(SYSTEM) as uow:
        given.town(uow)
    with house.wired.units.begin(SYSTEM) as uow:
        text = ReplyTemplateRow(message="registration", subject="Demande {reference}", body="Reçue : {link}")
        uow.session.add(text)
    house.run("workers.relay")
    workers = [house.run("workers.main") for _ in range(2)]
    registered: list[str] = []
    # when
    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(_write_to_us, house, number, registered) for number in range(200)]
        _bad_day(house, workers, registered)  # in this thread: servers that we start die with their starter
        registered_by = [one.result() for one in asked]
    # then
    assert len(set(registered_by)) == 200
    assert _count(house, sa.select(sa.func.count()).select_from(Case)) == 200
    wait_until(lambda: _count(house, _UNDONE) == 0, 150, "some deliveries were lost")
    told = sa.select(sa.func.count()).where(Interaction.state == "sent")
    assert _count(house, told) == 200
    assert len(_mails(house)) == 200
    assert sum(_mails(house).values()) <= 200 + 3, "only what was in flight at a blow may leave again"


def _write_to_us(house: House, number: int, registered: list[str]) -> str:
    """A person who is told « réessayez » sends the form again: the same form, with the same key."""
    demand = Demand(
        key=uuid4().hex,
        object="Un trou dans la chaussée",
        channel="web",
        category_code="VOIR-01",
        place=PlaceGiven(insee=given.TOWN),
        contact=NewContact(family_name="Essai", email=f"usager{number}@usagers.example"),
        answer_channel="email",
    )
    end = time.monotonic() + 60
    while True:
        try:
            with house.wired.units.begin(RESIDENT) as uow:
                reference = register_demand(uow, given.rulebook(uow), demand).reference
        except SQLAlchemyError:
            assert time.monotonic() < end, "the database never came back"
            time.sleep(0.1)
        else:
            registered.append(reference)
            time.sleep(0.02)
            return reference


def _bad_day(house: House, workers: list[object], registered: list[str]) -> None:
    blows: list[tuple[int, Callable[[], None]]] = [
        (20, lambda: house.stop_server("smtp")),
        (50, lambda: _restart(house, "postgres")),
        (90, house.flush_redis),
        (110, lambda: house.kill(workers[0])),  # type: ignore[arg-type]
        (120, lambda: house.start_server("smtp")),
        (150, lambda: _restart(house, "postgres")),
    ]
    for after, blow in blows:
        wait_until(lambda after=after: len(registered) >= after, 60, "nobody is registered any more")  # type: ignore[misc]
        blow()


def _restart(house: House, server: str) -> None:
    house.stop_server(server)
    house.start_server(server)
