"""Robots change nothing, returned mail marks its address, and what is too big is said once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import CaseState
from crm.contacts import ContactPoint
from crm.foundation import UnitOfWork
from crm.inbox import Outcome
from crm.interactions import Interaction, one_message
from tests import given
from tests.channels.mails import ANA, NAMES, mail, raw
from tests.inbox.mail_stories import Written, arrive, case_of, kinds, thread, written_to


@pytest.fixture
def town(uow: UnitOfWork) -> given.Town:
    return given.town(uow)


@pytest.mark.parametrize("state", [CaseState.WAITING_REQUESTER, CaseState.CLOSED])
def test_an_absence_answers_nothing_and_opens_nothing(
    uow: UnitOfWork, town: given.Town, state: CaseState
) -> None:
    written = written_to(uow, town, state)
    before = thread(uow, written)
    row = arrive(uow, mail(Subject="Réponse automatique", To=written.address, Auto_Submitted="auto-replied"))
    assert (row.outcome, row.reason, row.case_id) == (Outcome.DISCARDED, "auto_submitted", written.case_id)
    assert case_of(uow, written).state == state
    assert thread(uow, written) == before


def test_our_own_mail_and_lists_are_kept_with_their_reason(uow: UnitOfWork) -> None:
    ours = arrive(uow, mail(Message_ID=NAMES.message_id(9)))
    news = arrive(uow, mail(List_Id="<nouvelles.example>"))
    assert (ours.outcome, ours.reason) == (Outcome.DISCARDED, "our_own_mail")
    assert (news.outcome, news.reason) == (Outcome.DISCARDED, "list_header")


def _bounce(written: Written, recipient: str = ANA, status: str = "5.1.1", action: str = "failed") -> bytes:
    head = (
        "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    )
    body = (
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nAction: {action}\nFinal-Recipient: rfc822;{recipient}\n"
        f"Status: {status}\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {written.message_id}\n\n--b--\n"
    )
    return raw(head, body.replace("\n", "\r\n").encode())


def _failed(uow: UnitOfWork, address: str = ANA) -> str | None:
    point = sa.select(ContactPoint.failed_reason).where(ContactPoint.value == address)
    return uow.session.scalar(point)


def test_a_returned_mail_marks_the_address_and_warns_on_the_demand(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    row = arrive(uow, _bounce(written))
    assert (row.outcome, row.reason, row.case_id) == (Outcome.RECEIPT, "bounce", written.case_id)
    sent = one_message(uow.session, written.interaction_id)
    assert (sent.state, sent.last_error) == ("refused", "bounce_5.1.1")
    assert _failed(uow) == "bounce_5.1.1"
    assert "message.refused" in kinds(uow, written.case_id)


def test_a_full_mailbox_is_no_dead_address(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    row = arrive(uow, _bounce(written, status="5.2.2"))
    assert (row.outcome, row.reason) == (Outcome.RECEIPT, "bounce_for_now")
    assert one_message(uow.session, written.interaction_id).state == "refused"
    assert _failed(uow) is None


def test_nobody_can_declare_the_address_of_somebody_dead(uow: UnitOfWork, town: given.Town) -> None:
    written, other = written_to(uow, town), written_to(uow, town, email="paul@usagers.example")
    row = arrive(uow, _bounce(other, recipient=ANA))
    assert (row.outcome, row.reason) == (Outcome.RECEIPT, "bounce_of_another_address")
    unknown = Written("", 0, 0, "<made.up@elsewhere.example>", "")
    assert arrive(uow, _bounce(unknown)).reason == "bounce_of_nothing_known"
    assert _failed(uow) is None
    assert one_message(uow.session, written.interaction_id).state == "sent"


def test_a_receipt_says_when_a_mail_was_put_in_its_box(uow: UnitOfWork, town: given.Town) -> None:
    written = written_to(uow, town)
    row = arrive(uow, _bounce(written, status="2.0.0", action="delivered"))
    assert (row.outcome, row.reason, row.case_id) == (Outcome.RECEIPT, "delivered", written.case_id)
    sent = one_message(uow.session, written.interaction_id)
    assert (sent.state, sent.delivered_at) == ("sent", row.received_at)


@pytest.mark.parametrize(("recipient", "action"), [("eve@usagers.example", "delivered"), (ANA, "relayed")])
def test_another_address_or_a_relay_says_nothing_of_the_box(
    uow: UnitOfWork, town: given.Town, recipient: str, action: str
) -> None:
    written = written_to(uow, town)
    row = arrive(uow, _bounce(written, recipient, status="2.0.0", action=action))
    assert (row.outcome, row.reason) == (Outcome.RECEIPT, "delivery_report")
    assert one_message(uow.session, written.interaction_id).delivered_at is None


def _told(uow: UnitOfWork) -> list[str]:
    told = sa.select(Interaction.recipient).where(Interaction.kind == "too_big")
    return list(uow.session.scalars(told))


def test_who_sent_too_much_is_told_once_and_a_person_sees_the_head(uow: UnitOfWork) -> None:
    first = arrive(uow, mail("", Subject="Vidéo"), too_big="41943040")
    second = arrive(uow, mail("", Subject="Autre vidéo"), too_big="41943040")
    assert (first.outcome, first.reason, first.subject) == (Outcome.WAITING, "too_big", "Vidéo")
    assert (second.outcome, second.reason) == (Outcome.WAITING, "too_big")
    assert _told(uow) == [ANA]


def test_a_robot_that_sends_too_much_is_not_answered(uow: UnitOfWork) -> None:
    row = arrive(uow, mail("", Auto_Submitted="auto-generated"), too_big="41943040")
    assert row.outcome == Outcome.DISCARDED
    assert _told(uow) == []
