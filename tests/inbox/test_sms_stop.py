"""« STOP »: kept of the number, whatever demand it followed; undone by « REPRENDRE »."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Rulebook
from crm.contacts import contact_card, numbers_refusing_sms
from crm.foundation import SYSTEM, EventRow, Units
from crm.interactions import Message, Sent, mark_sent, queue_message
from crm.notifications import reachable
from tests import given
from tests.inbox.texting import NUMBER, told


@pytest.fixture
def book(units: Units) -> Rulebook:
    with units.begin(SYSTEM) as uow:
        return given.town(uow).book


@pytest.fixture
def who(units: Units, book: Rulebook) -> int:
    """Somebody whom we texted about their demand."""
    with units.begin(SYSTEM) as uow:
        contact_id = given.contact(uow, phone="06 39 98 00 01", email="awa@exemple.fr")
        told_by = {"contact_id": contact_id, "answer_channel": "sms"}
        reference = given.open_case(uow, book, CaseState.ASSIGNED, **told_by)
        case_id = uow.session.scalar(sa.select(Case.id).where(Case.reference == reference))
        message = Message(kind="delay", channel="sms", recipient=NUMBER, body="Nouvelle date : le 20.")
        mark_sent(uow, [Sent(queue_message(uow, None, case_id or 0, message), "p1")])
    return contact_id


def _says(units: Units, text: str, id: str) -> tuple[str | None, str | None, int | None]:
    row = told(units, type="message", id=id, text=text, to="38000", **{"from": "0639980001"})
    return row.outcome, row.reason, row.case_id


def _refuses(units: Units) -> bool:
    with units.reading() as session:
        return NUMBER in numbers_refusing_sms(session, [NUMBER])


def _facts(units: Units) -> list[str]:
    with units.reading() as session:
        told_of = sa.select(EventRow.kind).where(EventRow.subject_kind == "sms_refusal")
        return list(session.scalars(told_of.order_by(EventRow.id)))


def test_stop_is_obeyed_once_and_no_thread_gets_it(units: Units, who: int) -> None:
    assert _says(units, "STOP", "m1") == ("information", "sms_stop", None)
    assert _says(units, "Arrêt svp", "m2") == ("information", "sms_stop", None)
    assert _refuses(units) and _facts(units) == ["sms.refused"]
    with units.reading() as session:
        card = contact_card(session, who)
    assert [point.no_sms for point in card.points if point.kind == "phone"] == [True]
    assert reachable(card, "sms") == ("email", "awa@exemple.fr"), "the next way, not silence"
    assert reachable(card, "phone") == ("phone", NUMBER), "a call is not an SMS"


def test_reprendre_undoes_it_and_means_nothing_otherwise(units: Units, who: int) -> None:
    assert _says(units, "REPRENDRE", "m1")[0] == "reply", "nobody stopped anything: it is a message"
    _says(units, "STOP", "m2")
    assert _says(units, "Reprendre", "m3") == ("information", "sms_again", None)
    assert not _refuses(units) and _facts(units) == ["sms.refused", "sms.accepted"]
    _says(units, "stop", "m4")
    assert _refuses(units) and len(_facts(units)) == 3


def test_a_bus_stop_is_a_message_of_its_demand(units: Units, who: int) -> None:
    assert _says(units, "Arrêt de bus cassé aussi", "m1")[0] == "reply"
    assert not _refuses(units)


def test_a_number_that_nobody_has_is_left_alone_too(units: Units, book: Rulebook) -> None:
    row = told(units, type="message", id="m1", text="STOP", to="38000", **{"from": "0639980099"})
    assert (row.outcome, row.contact_id) == ("information", None)
    with units.reading() as session:
        assert numbers_refusing_sms(session, ["+33639980099"]) == {"+33639980099"}


def test_what_the_operator_keeps_on_its_own_list_is_kept_here(units: Units, who: int) -> None:
    told(units, type="receipt", id="p1", state="failed", reason="OPTED-OUT")
    assert _refuses(units)


def test_answering_our_sms_shows_that_the_number_is_theirs(units: Units, who: int) -> None:
    _says(units, "Merci, à jeudi", "m1")
    with units.reading() as session:
        (phone,) = [one for one in contact_card(session, who).points if one.kind == "phone"]
    assert (phone.is_verified, phone.verified_how) == (True, "reply")
