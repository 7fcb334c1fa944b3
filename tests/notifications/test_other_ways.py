"""What was refused for good leaves by the next way that works, once; else somebody is asked to find one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseSheet, Following, case_by_id, follow_case, followers
from crm.contacts import ContactCard, NewContact, contact_card, find_or_create_contact, mark_failed
from crm.foundation import UnitOfWork
from crm.interactions import Interaction, Message, NotSent, mark_refused, queue_message
from crm.notifications import failing_by, reach_of, reach_otherwise, reachable
from tests import given

MAIL, MOBILE, LANDLINE = "aicha.diallo@exemple.fr", "06 39 98 00 01", "04 65 71 00 01"
POSTAL = ("12 rue des Lilas", "99800 Aubreval")


@pytest.fixture
def book(uow: UnitOfWork) -> Any:
    return given.town(uow).book


def _card(uow: UnitOfWork, **told: Any) -> ContactCard:
    return contact_card(uow.session, given.contact(uow, **told))


def _case(uow: UnitOfWork, book: Any, who: int) -> CaseSheet:
    reference = given.open_case(uow, book, contact_id=who, answer_channel="email")
    case_id = uow.session.scalar(sa.text("SELECT id FROM cases WHERE reference = :r"), {"r": reference})
    return case_by_id(uow.session, int(case_id or 0))


def _refused(
    uow: UnitOfWork, case: CaseSheet, *, reason: str = "smtp_550", body: str = "C’est fait.", **told: Any
) -> int:
    known = {"kind": "answer", "channel": "email", "recipient": MAIL, "subject": "Réponse", "body": body}
    message = Message(**{**known, "contact_id": case.contact_id, **told})
    sent = queue_message(uow, case, case.id, message)
    mark_refused(uow, [NotSent(sent, reason)])
    return sent


def _row(uow: UnitOfWork, interaction_id: int | None) -> Interaction:
    row = uow.session.get(Interaction, interaction_id)
    assert row is not None
    return row


def test_the_next_way_is_what_they_like_then_email_sms_phone_and_letter(uow: UnitOfWork) -> None:
    card = _card(uow, phone=MOBILE, postal=POSTAL)
    tried: list[tuple[str, str]] = []
    while (found := reachable(card, "email", but=tried))[0]:
        tried.append(found)
    assert [way for way, _ in tried] == ["email", "sms", "phone", "letter"]
    assert reachable(replace(card, preferred_channel="letter"), "")[0] == "letter"
    assert reachable(card, "phone", among={"sms", "letter"})[0] == "sms"


def test_no_sms_goes_to_a_landline_unless_they_asked(uow: UnitOfWork) -> None:
    card = _card(uow, email="", phone=LANDLINE, postal=POSTAL)
    assert reachable(card, "email") == ("phone", "+33465710001")
    assert reachable(card, "sms")[0] == "sms"


def test_where_nothing_arrives_is_not_tried_and_the_agent_sees_it(uow: UnitOfWork, book: Any) -> None:
    who = given.contact(uow, phone=MOBILE)
    case = replace(_case(uow, book, who), answer_to=MAIL)
    assert reach_of(case, contact_card(uow.session, who), "email") == ("email", MAIL)
    mark_failed(uow, "email", MAIL, "mailbox_unknown")
    card = contact_card(uow.session, who)
    assert reach_of(case, card, "email") == ("sms", "+33639980001")
    assert [point.value for point in failing_by(card, "email")] == [MAIL]
    assert failing_by(card, "letter") == ()


def test_a_refused_answer_leaves_by_the_next_way_once(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, given.contact(uow, phone=MOBILE, postal=POSTAL))
    refused = _refused(uow, case)
    made = _row(uow, reach_otherwise(uow, refused))
    assert (made.channel, made.recipient, made.state, made.kind) == (
        "sms",
        "+33639980001",
        "queued",
        "answer",
    )
    assert contact_card(uow.session, case.contact_id or 0).failing("email")
    assert reach_otherwise(uow, refused) is None

    mark_refused(uow, [NotSent(made.id, "http_400")])
    call = _row(uow, reach_otherwise(uow, made.id))
    assert (call.channel, call.state) == ("phone", "to_call")


def test_a_second_address_serves_before_another_channel(uow: UnitOfWork, book: Any) -> None:
    who = given.contact(uow, phone=MOBILE)
    find_or_create_contact(uow, NewContact(email="b@exemple.fr"), contact_id=who)
    made = _row(uow, reach_otherwise(uow, _refused(uow, _case(uow, book, who))))
    assert (made.channel, made.recipient) == ("email", "b@exemple.fr")


def test_a_refusal_of_the_message_itself_leaves_the_address_alone(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, given.contact(uow, postal=POSTAL))
    made = _row(uow, reach_otherwise(uow, _refused(uow, case, reason="smtp_552")))
    assert made.channel == "letter"
    assert made.recipient.splitlines()[0] == "Aïcha Diallo"
    assert not contact_card(uow.session, case.contact_id or 0).failing("email")


def test_a_long_answer_is_said_rather_than_sent_in_pieces_and_no_link_is_read(
    uow: UnitOfWork, book: Any
) -> None:
    case = _case(uow, book, given.contact(uow, phone=MOBILE))
    long = "Voici ce que nous avons fait.\nhttps://rivebois.example/suivi/x\n" + "Très bien. " * 80
    made = _row(uow, reach_otherwise(uow, _refused(uow, case, body=long)))
    assert made.channel == "phone" and "http" not in made.body


def test_with_no_way_left_somebody_is_asked_to_find_one(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, given.contact(uow))
    task = _row(uow, reach_otherwise(uow, _refused(uow, case)))
    assert (task.kind, task.state, task.recipient, task.case_id) == ("to_reach", "to_call", "", case.id)
    assert "C’est fait." in task.body


@pytest.mark.parametrize("told", [{"kind": "handover"}, {"kind": "reach_confirmation"}, {"contact_id": None}])
def test_what_is_not_for_a_usager_goes_nowhere_else(uow: UnitOfWork, book: Any, told: dict[str, Any]) -> None:
    case = _case(uow, book, given.contact(uow, phone=MOBILE))
    assert reach_otherwise(uow, _refused(uow, case, **told)) is None


def test_who_follows_is_told_by_the_next_way_and_never_looked_for(uow: UnitOfWork, book: Any) -> None:
    reference = given.open_case(uow, book)
    for name, phone in (("rose", MOBILE), ("luc", "")):
        who = given.contact(uow, first_name=name, email=f"{name}@exemple.fr", phone=phone)
        following = Following(key=name, channel="web", contact_id=who, answer_channel="email")
        follow_case(uow, reference, following)
    case_id = int(uow.session.scalar(sa.text("SELECT max(id) FROM cases")) or 0)
    case, made = case_by_id(uow.session, case_id), []
    for one in followers(uow.session, case_id):
        told: dict[str, Any] = {"kind": "follower_news", "watcher_id": one.id, "contact_id": one.contact_id}
        email = next(p.value for p in contact_card(uow.session, one.contact_id or 0).points if "@" in p.value)
        made.append(reach_otherwise(uow, _refused(uow, case, recipient=email, **told)))
    rose = _row(uow, made[0])
    assert (rose.channel, rose.watcher_id is not None) == ("sms", True)
    assert made[1] is None
