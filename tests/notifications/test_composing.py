"""Which message tells whom what, with the centre's own catalogue and texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm.cases import CaseSheet, CaseState, case_by_id, one_case
from crm.catalogue import load_catalogue
from crm.foundation import ROOT, SYSTEM, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, letters_to_print, queue_message
from crm.knowledge import choose, load_replies, reply_templates
from crm.notifications import compose, draft, draft_answer, print_letters, read_on_case
from tests import given

_CENTRE = Centre(name="Métropole de Rivebois", site_url="https://rivebois.example")
_TRAP = "GAGNEZ http://piege.example <script>"


@pytest.fixture
def book(uow: UnitOfWork) -> Any:
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
    given.commune(uow)
    roads = given.unit(uow)
    given.routing(
        uow,
        {"category_code": "VOIR-01", "unit_id": roads},
        {"category_code": "ECLA-01", "decision": "refer", "unit_id": roads},
        {
            "category_code": "VOIR-02",
            "decision": "refuse",
            "advice": "C’est au syndic d’agir.",
            "reason": "x",
        },
    )
    return given.rulebook(uow)


def _case(uow: UnitOfWork, book: Any, state: CaseState = CaseState.ASSIGNED, **told: Any) -> CaseSheet:
    reference = given.open_case(uow, book, state, **told)
    return one_case(uow.session, SYSTEM, reference)


def _told(uow: UnitOfWork, case: CaseSheet, kind: str = "registration") -> Message:
    message = compose(uow.session, _CENTRE, case, kind, uow.now)
    assert message is not None
    return message


def test_a_registration_gives_reference_service_date_link_and_a_way_that_is_not_digital(
    uow: UnitOfWork, book: Any
) -> None:
    contact_id = given.contact(uow)
    case = _case(uow, book, contact_id=contact_id, answer_channel="email")
    message = _told(uow, case)
    assert (message.channel, message.recipient) == ("email", "aicha.diallo@exemple.fr")
    for expected in (
        case.reference,
        "Service voirie",
        "4 quai des Forges",
        f"https://rivebois.example/suivi/{case.public_token}",
        _CENTRE.phone,
        "mardi 15 septembre 2026",
        "mairie",
    ):
        assert expected in message.body
    assert "{" not in message.body


def test_an_automatic_message_never_echoes_what_a_stranger_wrote(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow, first_name=_TRAP, family_name=_TRAP, email="victime@exemple.fr")
    trapped = given.place(label=_TRAP, hint=_TRAP)
    case = _case(uow, book, object=_TRAP, place=trapped, contact_id=contact_id, answer_channel="email")
    for kind in ("registration", "referral", "reopened", "delay"):
        message = _told(uow, case, kind)
        assert "piege" not in message.body + message.subject
        assert "GAGNEZ" not in message.body + message.subject
    assert "Aubreval" in _told(uow, case).body, "the commune by the name our territory gives it"


def test_an_sms_is_short_and_in_the_alphabet_of_telephones(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow, email="", phone="06 39 98 00 01")
    case = _case(uow, book, contact_id=contact_id, answer_channel="sms")
    message = _told(uow, case)
    assert (message.channel, message.recipient, message.subject) == ("sms", "+33639980001", "")
    assert "’" not in message.body and "«" not in message.body
    assert "29/09" in message.body


@pytest.mark.parametrize("channel", ["none", "phone"])
def test_who_chose_no_message_gets_none(uow: UnitOfWork, book: Any, channel: str) -> None:
    contact_id = given.contact(uow, phone="06 39 98 00 01")
    case = _case(uow, book, contact_id=contact_id, answer_channel=channel)
    assert compose(uow.session, _CENTRE, case, "registration", uow.now) is None


def test_an_anonymous_demand_tells_nobody(uow: UnitOfWork, book: Any) -> None:
    assert compose(uow.session, _CENTRE, _case(uow, book), "registration", uow.now) is None


def test_what_is_not_ours_is_said_with_whom_to_ask(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow)
    case = _case(uow, book, category_code="VOIR-02", contact_id=contact_id, answer_channel="email")
    message = _told(uow, case)
    assert "C’est au syndic d’agir." in message.body
    assert "Nous vous répondrons" not in message.body


def test_a_referral_names_the_competent_body(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow)
    case = _case(uow, book, category_code="ECLA-01", contact_id=contact_id, answer_channel="email")
    assert "Organisme metropole" in _told(uow, case, "referral").body


def test_the_draft_of_an_answer_follows_the_outcome_and_quotes_the_service(
    uow: UnitOfWork, book: Any
) -> None:
    contact_id = given.contact(uow)
    case = _case(uow, book, CaseState.RESOLVED, contact_id=contact_id, answer_channel="email")
    ready = draft_answer(uow.session, _CENTRE, case.id, uow.now)
    assert (ready.channel, ready.recipient) == ("email", "aicha.diallo@exemple.fr")
    assert "Trou rebouché." in ready.body
    assert case.reference in ready.subject


def test_a_draft_falls_back_on_the_way_that_exists(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow, email="", postal=("12 rue des Lilas", "99800 Aubreval"))
    case = _case(uow, book, CaseState.RESOLVED, contact_id=contact_id, answer_channel="email")
    ready = draft_answer(uow.session, _CENTRE, case.id, uow.now)
    assert ready.channel == "letter"
    assert ready.recipient.splitlines() == ["Aïcha Diallo", "12 rue des Lilas", "99800 Aubreval"]


def test_a_question_carries_the_words_of_the_agent(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow)
    case = _case(uow, book, contact_id=contact_id, answer_channel="email")
    asked = {"question": "Quel est le numéro du mât ?"}
    ready = draft(uow.session, _CENTRE, case, "question", uow.now, extra=asked)
    assert "Quel est le numéro du mât ?" in ready.body


def test_letters_of_the_queue_print_as_one_pdf(uow: UnitOfWork, book: Any) -> None:
    contact_id = given.contact(uow, email="", postal=("12 rue des Lilas", "99800 Aubreval"))
    case = _case(uow, book, contact_id=contact_id, answer_channel="letter")
    for _ in range(2):
        queue_message(uow, case, case.id, _told(uow, case))
    letters = letters_to_print(uow.session, SYSTEM)
    pdf = print_letters(uow.session, _CENTRE, letters)
    assert b"/Count 2" in pdf.replace(b"/Count  ", b"/Count ")
    assert case_by_id(uow.session, case.id).answer_channel == "letter"


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_opened_again_nobody_is_said_to_have_refused_but_the_body_that_did(
    uow: UnitOfWork, book: Any, channel: str
) -> None:
    whom = given.contact(uow, phone="06 39 98 00 01")
    case = _case(uow, book, CaseState.IN_PROGRESS, contact_id=whom, answer_channel=channel)
    told = compose(uow.session, _CENTRE, case, "reopened", uow.now)
    assert told is not None and "le bon service" not in told.body
    named = compose(uow.session, _CENTRE, case, "reopened", uow.now, also={"organization": "Les Eaux"})
    assert named is not None and "Les Eaux" in named.body and "le bon service" in named.body


def test_an_answer_never_promises_a_day_that_is_past(uow: UnitOfWork, book: Any) -> None:
    whom = given.contact(uow, phone="06 39 98 00 01")
    case = _case(uow, book, CaseState.RESOLVED, contact_id=whom, answer_channel="email")
    planned = replace(case, outcome="P", planned_on=uow.now.date() + timedelta(days=9))
    text = draft(uow.session, _CENTRE, planned, "answer", uow.now).body
    assert "prévus avant le jeudi 24 septembre 2026" in text, "the day of the works, not of our first promise"
    late = draft(uow.session, _CENTRE, planned, "answer", uow.now + timedelta(days=10)).body
    assert "avant le" not in late
    undated = replace(case, outcome="P", planned_on=None)
    assert "avant le" in draft(uow.session, _CENTRE, undated, "answer", uow.now).body
    after = case.announced_due_at + timedelta(minutes=1)
    assert "avant le" not in draft(uow.session, _CENTRE, undated, "answer", after).body
    told = draft(uow.session, _CENTRE, undated, "answer", after, channel="sms").body
    assert case.reference in told and "Le travail est programmé." in told, "the day alone goes"


def test_a_text_tried_on_a_demand_promises_what_it_would_if_it_left(uow: UnitOfWork, book: Any) -> None:
    case = replace(_case(uow, book, CaseState.RESOLVED), outcome="P", planned_on=None)
    text = choose(reply_templates(uow.session, "answer"), "answer", outcome="P", channel="email")
    assert text is not None
    for now in (uow.now, case.announced_due_at + timedelta(minutes=1)):
        tried = read_on_case(uow.session, _CENTRE, case, [text], now, channel="email").body
        left = draft(uow.session, _CENTRE, case, "answer", now, channel="email").body
        assert ("avant le" in tried) == ("avant le" in left)
