"""Mails made to trouble us, or by people who meant no harm: what is not believed, and nothing is lost."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from crm.channels import Arrival, Receiver, Understood
from crm.foundation import UnitOfWork
from crm.inbox import Inbound, Outcome, store_inbound, understand, understanding
from crm.interactions import Interaction, Message, Sent, begin_sending, mark_sent, queue_message
from tests import given
from tests.attachments.pictures import zip_bomb
from tests.channels.mails import ANA, NAMES, mail
from tests.inbox.mail_stories import arrive, case_of, file_names, thread, written_to

OFFICIALS = [f"elu{n}@mairie.example" for n in range(12)]


@pytest.fixture
def town(uow: UnitOfWork) -> given.Town:
    return given.town(uow)


def test_a_domain_that_writes_faster_than_people_do_waits_for_a_person(
    uow: UnitOfWork, town: given.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each address writes once, so that none is a flood by itself."""
    monkeypatch.setattr(understanding, "_MOST_OF_DOMAIN", 3)
    written = [written_to(uow, town, email=f"robot{n}@machines.example") for n in range(4)]
    ends = [
        arrive(uow, mail(f"Lu {n}.", From=f"robot{n}@machines.example", To=one.address))
        for n, one in enumerate(written)
    ]
    assert [row.outcome for row in ends] == [Outcome.REPLY] * 3 + [Outcome.WAITING]
    assert ends[3].reason == "domain_floods"


def test_a_reply_to_what_belongs_to_no_demand_any_more_waits_for_a_person(uow: UnitOfWork) -> None:
    said = Message(
        kind="information", channel="email", recipient=ANA, subject="Horaires", body="De 8 h à 19 h."
    )
    sent = queue_message(uow, None, None, said)
    begin_sending(uow, [sent], name=NAMES.message_id)
    mark_sent(uow, [Sent(sent)])
    row = arrive(uow, mail("Merci, et le samedi ?", To=NAMES.reply_address(sent)))
    assert (row.outcome, row.case_id, row.text) == (Outcome.WAITING, None, "Merci, et le samedi ?")


def test_no_header_from_outside_gives_orders(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    before = case_of(uow, written)
    stood = (before.state, before.unit_id, before.priority, before.due_at)
    orders = {
        "X_Zammad_Ticket_State": "closed",
        "X_Zammad_Ticket_Priority": "3 high",
        "X_Crm_State": "closed",
        "X_Priority": "1",
        "Control": "close",
    }
    row = arrive(uow, mail("Bonjour.", To=written.address, **orders))
    after = case_of(uow, written)
    assert row.outcome == Outcome.REPLY
    assert (after.state, after.unit_id, after.priority, after.due_at) == stood


def test_those_in_copy_are_kept_and_never_written_to(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    row = arrive(uow, mail("Toujours rien.", To=written.address, Cc=", ".join(OFFICIALS)))
    assert row.outcome == Outcome.REPLY and row.details["copied"] == OFFICIALS
    told = sa.select(Interaction.recipient).where(Interaction.direction == "out")
    assert set(uow.session.scalars(told)) == {ANA}


def test_thirty_logos_are_no_photos_of_the_demand(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    drawn = BytesIO()
    Image.new("RGB", (120, 40), "navy").save(drawn, "PNG")
    made = EmailMessage()
    made["From"], made["To"] = ANA, written.address
    made.set_content("<p>Merci.</p>", subtype="html")
    for number in range(30):
        made.add_related(drawn.getvalue(), maintype="image", subtype="png", cid=f"<logo{number}@x>")
    row = arrive(uow, made.as_bytes())
    assert row.outcome == Outcome.REPLY and file_names(uow, written) == []
    assert row.details["left_out"] == ["ornament"]


def test_a_bomb_stays_in_the_original_and_is_said(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    made = EmailMessage()
    made["From"], made["To"] = ANA, written.address
    made.set_content("Voici les photos.")
    made.add_attachment(zip_bomb(), maintype="application", subtype="zip", filename="photos.zip")
    made.add_attachment(zip_bomb(), maintype="image", subtype="jpeg", filename="photo.jpg")
    row = arrive(uow, made.as_bytes())
    assert row.outcome == Outcome.REPLY and thread(uow, written)[-1].body == "Voici les photos."
    assert file_names(uow, written) == [] and row.details["left_out"] == ["file_archive"]


class _Broken:
    """Our reader, the day somebody breaks it."""

    label = "Courriel"

    def understand(self, arrival: Arrival) -> Understood:
        raise KeyError("a fault of ours")


def test_a_fault_of_ours_loses_no_mail(uow: UnitOfWork) -> None:
    inbound_id = store_inbound(uow, "email", Arrival(external_id="one", content=mail("Un trou.")))
    assert inbound_id is not None
    broken: dict[str, Receiver] = {"email": _Broken()}
    understand(uow, broken, inbound_id)
    row = uow.session.get_one(Inbound, inbound_id)
    assert (row.outcome, row.reason) == (Outcome.WAITING, "broken_reader")
