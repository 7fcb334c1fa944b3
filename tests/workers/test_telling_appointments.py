"""An appointment leaves as a real mail: the words, the link, and the entry that a calendar moves itself."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import icalendar
import pytest
import sqlalchemy as sa

from crm.appointments import (
    appointment_by_id,
    appointment_signed,
    book_appointment,
    cancel_appointment,
    move_appointment,
    remind_of_tomorrow,
)
from crm.cases import Rulebook
from crm.foundation import SYSTEM, Delivery, EventRow
from crm.wiring import Wiring
from tests import given
from tests.acting import act
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.world import World
from workers.jobs.run import do_deliveries


@pytest.fixture
def mailbox(world: World) -> str:
    return f"{uuid4().hex}@usagers.example"


@pytest.fixture
def booked(wired: Wiring, world: World, slots: list[int], mailbox: str) -> int:
    with wired.units.begin(SYSTEM) as uow:
        told = {"contact_id": given.contact(uow, email=mailbox), "answer_channel": "email"}
        return book_appointment(uow, given.open_case(uow, world.book, **told), slots[0], key=uuid4().hex)


def _work(wired: Wiring) -> None:
    """All that is due, and what comes of it."""
    due = (
        sa.select(Delivery.id)
        .join(EventRow)
        .where(
            Delivery.done_at.is_(None),
            Delivery.job.in_(("tell_appointment", "send_message", "end_appointments")),
        )
    )
    for _round in range(3):
        with wired.sessions() as session:
            ids = list(session.scalars(due))
        do_deliveries(wired, ids)


def _mails(servers: Servers, mailbox: str) -> list[EmailMessage]:
    files = sorted(mails_to(servers.outbox_folder, mailbox), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]


def _entry(mail: EmailMessage) -> icalendar.Event:
    (file,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert file.get_filename() == "rendez-vous.ics"
    content = file.get_payload(decode=True)
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")  # type: ignore[arg-type]
    return entry


def test_taken_moved_and_off_the_calendar_follows(
    wired: Wiring, servers: Servers, booked: int, slots: list[int], mailbox: str
) -> None:
    _work(wired)
    with wired.units.begin(SYSTEM) as uow:
        move_appointment(uow, booked, slots[1])
    _work(wired)
    with wired.units.begin(SYSTEM) as uow:
        cancel_appointment(uow, booked)
    _work(wired)
    mails = [mail for mail in _mails(servers, mailbox) if "rendez-vous" in str(mail["Subject"])]
    entries = [_entry(mail) for mail in mails]
    assert [int(entry["sequence"]) for entry in entries] == [0, 1, 2]
    assert len({str(entry["uid"]) for entry in entries}) == 1
    assert [str(entry["status"]) for entry in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    words = mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "4 quai des Forges" in words
    token = re.search(r"/rendez-vous/(\S+)", words)
    assert token and appointment_signed(wired.settings.secret_key.get_secret_value(), token[1]) == booked
    html = mails[0].get_body(("html",))
    assert html is not None and "4 quai des Forges" in html.get_content()


def _reference(wired: Wiring, booked: int) -> str:
    with wired.sessions() as session:
        return appointment_by_id(session, booked).reference


@pytest.mark.parametrize("verb", ["cancel", "refer"])
def test_nobody_waits_for_a_demand_cancelled_or_transmitted(
    wired: Wiring, servers: Servers, booked: int, slots: list[int], mailbox: str, book: Rulebook, verb: str
) -> None:
    with wired.units.begin(SYSTEM) as uow:
        act(uow, book, _reference(wired, booked), verb, **({"reason": "Réglé."} if verb == "cancel" else {}))
    _work(wired)
    off = [mail for mail in _mails(servers, mailbox) if "rendez-vous" in str(mail["Subject"])][-1]
    assert str(_entry(off)["status"]) == "CANCELLED"
    with wired.units.begin(SYSTEM) as uow:
        assert book_appointment(uow, given.open_case(uow, book), slots[0], key=uuid4().hex)  # its seat


def test_no_reminder_of_a_demand_cancelled(wired: Wiring, booked: int, book: Rulebook) -> None:
    with wired.units.begin(SYSTEM) as uow:
        act(uow, book, _reference(wired, booked), "cancel", reason="Réglé.")
    with wired.units.begin(SYSTEM) as uow:
        remind_of_tomorrow(uow)
    told = sa.select(EventRow.id).where(EventRow.data["appointment_id"].as_integer() == booked)
    with wired.sessions() as session:
        assert session.scalar(told.where(EventRow.kind == "appointment.near")) is None


def test_the_day_before_a_reminder_leaves_once(
    wired: Wiring, servers: Servers, booked: int, mailbox: str
) -> None:
    for _twice in range(2):
        with wired.units.begin(SYSTEM) as uow:
            remind_of_tomorrow(uow)
        _work(wired)
    reminders = [mail for mail in _mails(servers, mailbox) if str(mail["Subject"]).startswith("Rappel")]
    assert len(reminders) == 1
    assert "demain" in reminders[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
