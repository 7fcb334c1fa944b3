"""Robots, lists, returned mail and our own: recognised, so that none of them is ever answered."""

from __future__ import annotations

import pytest

from crm.channels import Nature
from tests.channels.mails import ANA, NAMES, mail, raw, read


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "1"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@elsewhere.example"},
        {"Subject": "Réponse automatique : votre demande"},
        {"Subject": "Absence du bureau"},
        {"Subject": "Message d’absence"},
        {"Subject": "Automatic reply: your request"},
        {"Subject": "Out of Office"},
    ],
)
def test_a_robot_is_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).nature is Nature.AUTO_REPLY


@pytest.mark.parametrize("subject", ["Absence", "Absente jusqu’au 12", "En congés", "Re: absence"])
def test_an_absence_is_known_when_it_answers_us(subject: str) -> None:
    assert read(mail(Subject=subject, In_Reply_To=NAMES.message_id(4))).nature is Nature.AUTO_REPLY
    assert read(mail(Subject=subject)).nature is Nature.MESSAGE


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "Absence de collecte des ordures"},
        {"Subject": "Absence d’éclairage rue des Lilas", "In_Reply_To": NAMES.message_id(4)},
        {"Auto_Submitted": "no"},
        {"Precedence": "first-class"},
    ],
)
def test_a_person_is_not_taken_for_a_robot(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).nature is Nature.MESSAGE


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "<nouvelles.example>"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"Precedence": "bulk"},
    ],
)
def test_a_list_is_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).nature is Nature.LIST


@pytest.mark.parametrize(
    "headers",
    [
        {"Message_ID": NAMES.message_id(7)},
        {"X_Loop": "rivebois.example"},
        {"From": "Relation usagers <relation@rivebois.example>"},
    ],
)
def test_our_own_mail_come_back_is_known(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).nature is Nature.OURS


_REPORT = """
From: Mail Delivery System <MAILER-DAEMON@mx.example>
Return-Path: <>
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary=b
"""
_BODY = """--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Action: {action}
Final-Recipient: rfc822;{recipient}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--b--
"""


def _report(action: str, status: str) -> bytes:
    told = _BODY.format(action=action, status=status, recipient=ANA, message_id=NAMES.message_id(77))
    return raw(_REPORT.format(subject="Undelivered"), told.replace("\n", "\r\n").encode())


def test_a_bounce_tells_the_address_the_status_and_which_message_of_ours() -> None:
    told = read(_report("failed", "5.1.1"))
    assert told.nature is Nature.BOUNCE
    assert (told.details["bounced"], told.details["status"]) == (ANA, "5.1.1")
    assert told.tokens == ("77",)


def test_a_delay_is_no_bounce() -> None:
    told = read(_report("delayed", "4.4.1"))
    assert (told.nature, told.why) == (Nature.RECEIPT, "late")


def test_a_mail_in_its_box_is_delivered_and_one_handed_on_is_not() -> None:
    told = read(_report("delivered", "2.0.0"))
    assert (told.nature, told.why, told.tokens) == (Nature.RECEIPT, "delivered", ("77",))
    assert told.details["delivered"] == ANA
    for handed_on in (
        _report("relayed", "2.0.0"),
        _report("expanded", "2.0.0"),
        _report("delivered", "2.0.0\nRemote-MTA: dns; 192.0.2.1\nDiagnostic-Code: smtp; 250 Ok"),  # as exim
    ):
        told = read(handed_on)
        assert (told.nature, told.why, "delivered" in told.details) == (
            Nature.RECEIPT,
            "delivery_report",
            False,
        )


def test_a_notice_of_reading_is_a_receipt() -> None:
    head = f"From: {ANA}\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b"
    assert read(raw(head, b"--b--")).nature is Nature.RECEIPT
