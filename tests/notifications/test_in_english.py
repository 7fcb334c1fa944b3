"""Who reads English reads it below the French; nobody gets it instead, nor a long text in an SMS."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseSheet, CaseState, Follower, one_case
from crm.catalogue import load_catalogue, told_about
from crm.channels import letters_pdf
from crm.channels.mail_text import compose_mail
from crm.channels.papers import LetterPaper
from crm.channels.port import Outbound
from crm.foundation import ROOT, SYSTEM, UnitOfWork, by_language, with_translation
from crm.foundation.settings import Centre
from crm.knowledge import example_values, load_replies
from crm.knowledge.models import ReplyTemplateRow
from crm.notifications import News, compose, compose_continuation, compose_news, draft_answer, told_of
from crm.notifications.legal_receipts import known_of
from crm.notifications.saying import Day, Ending, Hour, Words, noon
from tests import given

_CENTRE = Centre(site_url="https://rivebois.example", hours_en="Monday to Saturday, 8:00 to 19:00")
_MARK = "— In English —"


@pytest.fixture
def book(uow: UnitOfWork) -> Any:
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
    given.commune(uow)
    given.routing(uow, {"unit_id": given.unit(uow)})
    return given.rulebook(uow)


def _case(uow: UnitOfWork, book: Any, state: CaseState = CaseState.ASSIGNED, **told: Any) -> CaseSheet:
    who = {"contact_id": given.contact(uow, language="en", phone="06 39 98 00 01"), "answer_channel": "email"}
    return one_case(uow.session, SYSTEM, given.open_case(uow, book, state, **{**who, **told}))


def test_the_french_first_then_the_english_with_its_own_days_and_labels(uow: UnitOfWork, book: Any) -> None:
    message = compose(uow.session, _CENTRE, _case(uow, book), "registration", uow.now)
    assert message is not None
    french, _mark, english = message.body.partition(_MARK)
    assert "Nous avons reçu votre demande le mardi 15 septembre 2026" in french and "Hello" not in french
    for said in ("We received your request on Tuesday 15 September 2026", "Pothole", "Monday to Saturday"):
        assert said in english
    assert "septembre" not in english and "samedi" not in english
    assert message.subject.split(" / ")[1].endswith("is registered")


def test_who_reads_french_gets_french_alone(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, contact_id=given.contact(uow, email="lit.francais@exemple.fr"))
    message = compose(uow.session, _CENTRE, case, "registration", uow.now)
    assert message is not None and _MARK not in message.body and "/" not in message.subject


def test_the_french_above_still_says_what_the_law_asks(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book)
    message = compose(uow.session, _CENTRE, case, "registration", uow.now)
    assert message is not None
    assert known_of(uow, _CENTRE, case).missing_in(message.body) == ()


def test_an_sms_says_both_and_never_takes_a_long_text(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, answer_channel="sms")
    both = compose(uow.session, _CENTRE, case, "registration", uow.now)
    assert both is not None
    assert both.body.index("enregistrée") < both.body.index("registered")
    assert "29/09" in both.body and "29 Sep" in both.body
    short = sa.and_(ReplyTemplateRow.language == "en", ReplyTemplateRow.channel == "sms")
    uow.session.execute(sa.update(ReplyTemplateRow).where(short).values(is_active=False))
    alone = compose(uow.session, _CENTRE, case, "registration", uow.now)
    assert alone is not None and "request" not in alone.body.lower().replace("/accuse", "")


def test_an_answer_is_prepared_in_both_and_the_report_stays_as_it_was_written(
    uow: UnitOfWork, book: Any
) -> None:
    ready = draft_answer(uow.session, _CENTRE, _case(uow, book, CaseState.RESOLVED).id, uow.now)
    french, _mark, english = ready.body.partition(_MARK)
    assert "Trou rebouché." in french and "(in French): Trou rebouché." in english


def _follower(uow: UnitOfWork, case: CaseSheet, number: int, language: str) -> Follower:
    return Follower(
        id=number,
        case_id=case.id,
        contact_id=given.contact(uow, email=f"{number}@exemple.fr", language=language),
        channel="web",
        answer_channel="email",
        token=f"token-{number}",
        since=uow.now,
        left_at=None,
        came_from_id=None,
        is_requester=False,
    )


def test_followers_are_told_each_in_their_language(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book)
    people = [_follower(uow, case, number, language) for number, language in enumerate(("fr", "en", "en"), 1)]
    news = News(kind="planned", day=date(2026, 9, 22))
    told = {
        one.watcher_id: one.body for one in compose_news(uow.session, _CENTRE, case, people, news, uow.now)
    }
    assert [_MARK in told[number] for number in (1, 2, 3)] == [False, True, True]
    assert "The team will come on Tuesday 22 September 2026." in told[2]
    assert "token-2" in told[2] and "token-2" not in told[3], "each has a link of their own"


def test_an_agent_sees_what_all_would_read_before_it_leaves(uow: UnitOfWork, book: Any) -> None:
    case, news = _case(uow, book), News(kind="planned", day=date(2026, 9, 22))
    people = [_follower(uow, case, number, language) for number, language in enumerate(("en", "fr"), 1)]
    for whom, bilingual in ((people, False), (people[:1], True)):
        (told,) = told_of(uow.session, _CENTRE, case, whom, news, uow.now)
        assert (told.how_many, _MARK in told.body) == (len(whom), bilingual)
        assert "token-" not in told.body


def test_a_link_typed_by_an_agent_is_told_in_the_language_of_who_has_that_address(
    uow: UnitOfWork, book: Any
) -> None:
    given.contact(uow, email="reads.english@exemple.fr", language="en")
    for address, told in (("reads.english@exemple.fr", True), ("inconnu@exemple.fr", False)):
        message = compose_continuation(
            uow.session, _CENTRE, channel="email", recipient=address, link="https://x", until=uow.now
        )
        assert (_MARK in message.body) is told


def test_values_are_said_in_the_language_and_as_the_channel_wants(uow: UnitOfWork) -> None:
    first = noon(date(2026, 9, 1))
    assert (first.said("fr", "email"), first.said("en", "email")) == (
        "mardi 1er septembre 2026",
        "Tuesday 1 September 2026",
    )
    assert (first.said("fr", "sms"), first.said("en", "sms")) == ("01/09", "1 Sept")
    assert (Hour(first.moment).said("fr", ""), Hour(first.moment).said("en", "")) == ("12 h", "12:00")
    assert Day(first.moment, with_hour=True).said("en", "email").endswith("2026, 12:00")
    assert Words("sur place").said("en", "") == "sur place", "no English: the French stands"
    assert (
        Ending(told_about(uow.session, None, "X")[1], to_follower=True).said("en", "")
        == "This request is cancelled."
    )


@pytest.mark.parametrize("way", ["email", "sms"])
@pytest.mark.parametrize("language", ["", "en"])
def test_a_text_is_tried_with_days_as_messages_say_them(language: str, way: str) -> None:
    tried = example_values(channel=way, language=language)
    days = {"today": 15, "received_date": 15, "safe_date": 15} | dict.fromkeys(
        ("due_date", "appointment_day", "call_day"), 22
    )
    for hole, day in days.items():
        assert tried[hole] == noon(date(2026, 9, day)).said(language or "fr", way), hole


def test_each_language_is_marked_as_such_in_a_mail_and_on_paper() -> None:
    body = with_translation("Bonjour,\n\nC’est fait.", "en", "Hello,\n\nIt is done.")
    assert by_language(body) == (
        ("fr", "Bonjour,\n\nC’est fait."),
        ("en", f"{_MARK}\n\nHello,\n\nIt is done."),
    )
    raw = compose_mail(
        Outbound(id=1, recipient="a@exemple.fr", body=body, subject="x"),
        "a@exemple.fr",
        sender="Centre <c@exemple.fr>",
        reply_to="c@exemple.fr",
        centre="Centre",
        site_url="https://rivebois.example",
    )
    assert b"Content-Language: fr, en\r\n" in raw
    html = message_from_bytes(raw, policy=policy.default).get_body(("html",))
    assert html is not None
    french, english = html.get_content().split('<div lang="en">')
    assert "C’est fait." in french and "It is done." in english
    paper = LetterPaper(
        centre="Centre",
        centre_lines=(),
        place="Rivebois",
        day="mardi",
        reference="1",
        to_lines=("A",),
        subject="x",
        body=body,
    )
    assert letters_pdf([paper]).startswith(b"%PDF")


def test_a_translation_whose_french_was_taken_back_no_longer_leaves(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book)
    stale = {"message": "registration", "category_code": case.category_code, "language": "en"}
    uow.session.add(ReplyTemplateRow(**stale, subject="Withdrawn", body="What we no longer say. {reference}"))
    message = compose(uow.session, _CENTRE, case, "registration", uow.now)
    assert message is not None
    assert "no longer say" not in message.body and "It is registered under the number" in message.body
