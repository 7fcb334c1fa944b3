"""Who reads with difficulty, or prefers to be called, is sent nothing on a screen by the programme."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseSheet, CaseState, Following, follow_case, followers, one_case
from crm.catalogue import load_catalogue
from crm.contacts import declare_support
from crm.deadlines import load_calendar
from crm.foundation import ROOT, SYSTEM, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Interaction, Message, NotSent, mark_refused, queue_message
from crm.knowledge import load_replies
from crm.notifications import (
    News,
    begin_receipts,
    compose,
    compose_any_way,
    compose_joined,
    compose_news,
    reach_otherwise,
)
from tests import given

_CENTRE = Centre(name="Métropole de Rivebois", site_url="https://rivebois.example")
POSTAL = ("12 rue des Lilas", "99800 Aubreval")
MOBILE, LANDLINE = "06 39 98 00 01", "01 99 00 00 31"


@pytest.fixture
def book(uow: UnitOfWork) -> Any:
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
    given.commune(uow)
    centre = given.unit(uow)
    given.routing(uow, {"domain_code": "VOIR", "unit_id": centre}, {"domain_code": "REL", "unit_id": centre})
    return given.rulebook(uow)


def _case(
    uow: UnitOfWork, book: Any, contact: dict[str, Any], needs: tuple[str, ...], **told: Any
) -> CaseSheet:
    who = given.contact(uow, **contact)
    declare_support(uow, who, needs, language="arabe" if "interpreter" in needs else "")
    usual = {"channel": "phone", "answer_channel": "email", "contact_id": who}
    return one_case(uow.session, SYSTEM, given.open_case(uow, book, CaseState.ASSIGNED, **{**usual, **told}))


def _leaves(uow: UnitOfWork, case: CaseSheet) -> tuple[str, str] | None:
    message = compose(uow.session, _CENTRE, case, "registration", uow.now)
    return (message.channel, message.recipient) if message else None


@pytest.mark.parametrize("need", ["reading", "prefers_phone"])
def test_a_letter_leaves_instead_of_a_mail(uow: UnitOfWork, book: Any, need: str) -> None:
    told = _leaves(uow, _case(uow, book, {"postal": POSTAL}, (need,)))
    assert told is not None and told[0] == "letter" and "12 rue des Lilas" in told[1]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_without_a_postal_address_nothing_leaves_by_itself(uow: UnitOfWork, book: Any, channel: str) -> None:
    assert _leaves(uow, _case(uow, book, {"phone": MOBILE}, ("reading",), answer_channel=channel)) is None


def test_an_address_given_for_this_demand_is_no_way_round(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, {}, ("reading",))
    assert _leaves(uow, replace(case, answer_to="ailleurs@exemple.fr")) is None


def test_who_wrote_to_us_so_is_acknowledged_so(uow: UnitOfWork, book: Any) -> None:
    told = _leaves(uow, _case(uow, book, {"postal": POSTAL}, ("reading",), channel="web"))
    assert told == ("email", "aicha.diallo@exemple.fr")


def test_another_need_changes_nothing(uow: UnitOfWork, book: Any) -> None:
    told = _leaves(uow, _case(uow, book, {"postal": POSTAL}, ("interpreter", "cannot_travel")))
    assert told == ("email", "aicha.diallo@exemple.fr")


@pytest.mark.parametrize(
    ("phone", "needs"), [(MOBILE, ("reading",)), (LANDLINE, ())], ids=["mobile", "landline"]
)
def test_a_complaint_said_aloud_is_acknowledged_on_paper(
    uow: UnitOfWork, book: Any, phone: str, needs: tuple[str, ...]
) -> None:
    """A telephone comes before the post, and is no writing."""
    contact = {"email": "", "phone": phone, "postal": POSTAL}
    told = {"answer_channel": "phone", "category_code": "REL-01", "kind": "complaint"}
    case = _case(uow, book, contact, needs, **told)
    begin_receipts(uow, _CENTRE, load_calendar(ROOT / "config" / "calendar.toml"), case)
    sent = sa.select(Interaction.channel, Interaction.kind).where(
        Interaction.case_id == case.id, Interaction.direction == "out"
    )
    assert [tuple(row) for row in uow.session.execute(sent)] == [("letter", "acknowledgement")]


@pytest.mark.parametrize("kind", ["incident_over", "reopened", "delay"])
def test_what_is_told_any_way_is_told_aloud(uow: UnitOfWork, book: Any, kind: str) -> None:
    def leaves(*needs: str) -> str:
        case = _case(uow, book, {"phone": MOBILE}, needs, answer_channel="sms")
        told = compose_any_way(
            uow.session, _CENTRE, case, kind, uow.now, extra={"message": "L’eau est revenue."}
        )
        return told.channel if told else ""

    assert (leaves(), leaves("reading")) == ("sms", "phone")


def test_who_follows_is_told_aloud_what_ends_it_and_nothing_else(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, {}, ())
    who = given.contact(uow, family_name="Roux", email="", phone="06 39 98 00 07")
    declare_support(uow, who, ("reading",), language="")
    new = Following(key="k", channel="phone", contact_id=who, answer_channel="sms")
    follow_case(uow, case.reference, new)

    def told(kind: str) -> list[str]:
        people = followers(uow.session, case.id, told_only=True)
        news = compose_news(uow.session, _CENTRE, case, people, News(kind=kind), uow.now)
        return [one.channel for one in news]

    assert (told("reopened"), told("over")) == ([], ["phone"])
    assert not list(compose_joined(uow.session, _CENTRE, case, followers(uow.session, case.id), uow.now))


def test_what_was_refused_goes_on_by_telephone_and_not_by_sms(uow: UnitOfWork, book: Any) -> None:
    case = _case(uow, book, {"phone": MOBILE}, ("prefers_phone",))
    to = "aicha.diallo@exemple.fr"
    said = Message(
        kind="answer", channel="email", recipient=to, body="C’est fait.", contact_id=case.contact_id
    )
    sent = queue_message(uow, case, case.id, said)
    mark_refused(uow, [NotSent(sent, "smtp_550")])
    again = reach_otherwise(uow, sent)
    assert uow.session.get_one(Interaction, again).channel == "phone"
