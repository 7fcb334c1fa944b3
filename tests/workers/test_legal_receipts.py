"""Receipts of the law, by a real mail server that dies and comes back: each once, its copy, its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import Case, take_back_referred
from crm.catalogue import load_catalogue
from crm.contacts.models import ContactLink
from crm.foundation import ROOT, SYSTEM, FrozenClock, Units
from crm.foundation.settings import Centre
from crm.interactions import Interaction, mark_printed
from crm.knowledge import load_replies
from crm.notifications import (
    fingerprint,
    note_what_left,
    waive_receipts,
)
from crm.reactions import REACTIONS
from crm.wiring import Wiring
from tests import given
from tests.acting import act
from tests.own_database import create_database, wired_to
from tests.servers import Servers
from tests.workers.receipt_house import TUESDAY, House
from workers.timetable import watch_receipts

NOBODY_LISTENS = 9  # the discard port of this machine: no mail server is there


@pytest.fixture(scope="module")
def database(servers: Servers) -> str:
    return create_database(servers.database_url, "legal_receipts")


@pytest.fixture(scope="module")
def settled(database: str, servers: Servers) -> Iterator[tuple[Wiring, int]]:
    made = wired_to(database, servers.redis_url, servers.smtp_port)
    before = Units(made.sessions, FrozenClock(TUESDAY - timedelta(days=90)), REACTIONS)
    with before.begin(SYSTEM) as uow:
        load_catalogue(uow, ROOT / "config" / "catalogue")
        load_replies(uow, ROOT / "config" / "replies")
        given.category(uow, "REL-09", decision_regime="implicit_acceptance", decision_months=2)
        given.commune(uow)
        roads, lighting = given.unit(uow, "voirie"), given.unit(uow, "eclairage")
        given.routing(
            uow,
            {"category_code": "VOIR-01", "unit_id": roads},
            {"category_code": "VOIR-09", "unit_id": roads},
            {"category_code": "REL-09", "unit_id": roads},
            {"category_code": "ECLA-01", "unit_id": lighting, "decision": "refer"},
            {"road_owner": "private", "decision": "refuse", "advice": "Voyez le syndic."},
        )
    yield made, lighting
    made.close()


@pytest.fixture
def house(settled: tuple[Wiring, int], servers: Servers, database: str) -> Iterator[House]:
    made, lighting = settled
    clock = FrozenClock(TUESDAY)
    centre = Centre(site_url="https://rivebois.example")
    up = replace(
        made,
        clock=clock,
        units=Units(made.sessions, clock, REACTIONS),
        settings=made.settings.model_copy(update={"centre": centre}),
    )
    away = wired_to(database, servers.redis_url, NOBODY_LISTENS)
    down = replace(up, channels=away.channels)
    yield House(up, down, clock, servers, lighting)
    away.close()


def test_the_first_message_is_the_whole_acknowledgement_when_the_service_is_known(house: House) -> None:
    # given
    case = house.open()
    # when
    house.work()
    # then
    (kept,) = house.receipts(case)
    assert (kept.nature, kept.missing, kept.state) == ("acknowledgement", (), "sent")
    assert kept.sha256 == fingerprint(kept.subject, kept.body)
    (text,) = house.texts_to(kept.recipient)
    for said in ("mardi 15 septembre 2026", "Service voirie", "4 quai des Forges", "01 99 00 00 02"):
        assert said in kept.body and said in text
    assert "considérée comme" not in kept.body, "silence decides nothing of a pothole"
    assert house.lists(case) == ([], [])


def test_a_complaint_says_when_silence_refuses_and_how_to_appeal(house: House) -> None:
    case = house.open(category_code="VOIR-09", kind="complaint", contact={"postal": ("1 rue X", "99000 Y")})
    house.work()
    (kept,) = house.receipts(case)
    assert kept.nature == "acknowledgement"
    assert "dimanche 15 novembre 2026, votre demande sera considérée comme refusée" in kept.body
    assert "tribunal administratif" in kept.body and "attestation" not in kept.body


def test_a_request_that_silence_grants_says_so_and_the_right_to_an_attestation(house: House) -> None:
    case = house.open(category_code="REL-09")
    house.work()
    (kept,) = house.receipts(case)
    assert "dimanche 15 novembre 2026, votre demande sera considérée comme acceptée" in kept.body
    assert "attestation" in kept.body and "tribunal" not in kept.body


def test_two_hours_without_mail_server_then_each_leaves_once_with_the_true_date(house: House) -> None:
    # given
    case = house.open()
    house.work(house.down)
    house.clock.at = TUESDAY + timedelta(hours=2)
    assert house.lists(case)[0] == [("registration", "failed")], "said within the hour"
    # when
    house.work()
    house.work()
    watch_receipts(house.up)
    watch_receipts(house.up)
    # then
    (kept,) = house.receipts(case)
    (text,) = house.texts_to(kept.recipient)
    assert "mardi 15 septembre 2026" in text
    assert kept.left_at == TUESDAY + timedelta(hours=2)
    assert house.lists(case) == ([], []), "two hours are within the law"


def test_a_longer_outage_is_a_breach_with_its_reason_before_and_after(house: House) -> None:
    case = house.open()
    house.work(house.down)
    house.clock.at = TUESDAY + timedelta(days=2)
    assert house.lists(case)[1] == [("registration", "failed")]
    house.work()
    watch_receipts(house.up)
    assert house.lists(case)[1] == [("registration", "left_late")]
    (kept,) = house.receipts(case)
    (text,) = house.texts_to(kept.recipient)
    assert "mardi 15 septembre 2026" in text, "the day it was received, not the day it left"


def test_without_a_service_the_first_message_registers_and_the_acknowledgement_follows(house: House) -> None:
    # given
    case = house.open(category_code="PROP-01")  # no rule: to qualify
    house.work()
    (first,) = house.receipts(case)
    assert first.nature == "registration" and "unit" in first.missing
    watch_receipts(house.up)
    assert len(house.receipts(case)) == 1
    house.clock.at = TUESDAY + timedelta(days=10)  # the Friday on which the eighth working day begins
    assert house.lists(case)[0] == [("acknowledgement", "no_unit")]
    # when
    with house.up.units.begin(SYSTEM) as uow:
        uow.session.execute(
            sa.text("UPDATE cases SET unit_id = :u, state = 'assigned' WHERE id = :c"),
            {"u": house.lighting, "c": case.id},
        )
    watch_receipts(house.up)
    watch_receipts(house.up)
    house.work()
    watch_receipts(house.up)
    # then
    kept = house.receipts(case)
    assert [one.nature for one in kept] == ["registration", "acknowledgement"]
    assert "mardi 15 septembre 2026" in kept[1].body and "Service eclairage" in kept[1].body
    assert kept[1].state == "sent" and house.lists(case) == ([], [])


def test_a_letter_received_days_ago_is_acknowledged_by_letter_and_its_clock_runs_from_then(
    house: House,
) -> None:
    arrived = TUESDAY - timedelta(days=20)
    case = house.open(
        channel="letter",
        answer_channel="letter",
        received_at=arrived,
        contact={"email": "", "postal": ("3 rue des Lilas", "99000 Rivebois")},
    )
    house.work()
    assert house.lists(case)[1] == [("acknowledgement", "to_print")], "late already, and on the pile"
    (kept,) = house.receipts(case)
    assert "mercredi 26 août 2026" in kept.body
    with house.up.units.begin(SYSTEM) as uow:
        letter = uow.session.scalar(sa.select(Interaction.id).where(Interaction.case_id == case.id))
        mark_printed(uow, [letter or 0])
        note_what_left(uow)
    assert house.lists(case)[1] == [("acknowledgement", "entered_late")]


def test_an_sms_gives_the_link_and_the_page_keeps_every_mention(house: House) -> None:
    case = house.open(answer_channel="sms", contact={"phone": "06 39 98 12 34"})
    house.work()
    (kept,) = house.receipts(case)
    with house.up.units.reading() as session:
        sent = session.scalar(sa.select(Interaction.body).where(Interaction.case_id == case.id))
    assert f"https://rivebois.example/accuse/{kept.token}" in (sent or "")
    assert kept.channel == "sms" and kept.missing == ()
    assert "4 quai des Forges" in kept.body and "4 quai des Forges" not in (sent or "")


def test_refused_at_one_address_the_same_words_leave_for_another_and_the_clock_knows(house: House) -> None:
    # given
    case = house.open(contact={"postal": ("3 rue des Lilas", "99000 Rivebois")})
    with house.up.units.begin(SYSTEM) as uow:
        nobody = sa.update(Case).where(Case.id == case.id).values(answer_to="nobody@nowhere.invalid")
        uow.session.execute(nobody)
        gone = sa.delete(ContactLink).where(ContactLink.contact_id == case.contact_id)
        uow.session.execute(gone.where(ContactLink.raw.contains("@")))
    # when
    house.work()
    watch_receipts(house.up)
    # then
    (kept,) = house.receipts(case)
    assert (kept.channel, kept.state) == ("letter", "to_print")
    assert kept.recipient.endswith("99000 Rivebois") and kept.sha256 == fingerprint(kept.subject, kept.body)
    house.clock.at = TUESDAY + timedelta(hours=2)
    assert house.lists(case)[0] == [("registration", "to_print")]


@pytest.mark.parametrize(
    "told",
    [
        {"contact": None, "answer_channel": "none"},
        {"contact": {"family_name": "", "first_name": ""}},
        {"category_code": "ECLA-01"},
        {"channel": "phone", "answer_channel": "phone"},
        {"channel": "field"},
    ],
    ids=["anonymous", "nameless", "referred", "told_aloud", "seen_by_an_agent"],
)
def test_none_is_owed(house: House, told: dict[str, Any]) -> None:
    case = house.open(**told)
    house.work()
    house.clock.at = TUESDAY + timedelta(days=40)
    assert house.lists(case) == ([], [])


@pytest.mark.parametrize("channel", ["phone", "phone_relay"])
def test_a_complaint_by_telephone_is_acknowledged_in_writing(house: House, channel: str) -> None:
    case = house.open(channel=channel, answer_channel="phone", kind="complaint", category_code="VOIR-09")
    house.work()
    (kept,) = house.receipts(case)
    assert (kept.nature, kept.channel) == ("acknowledgement", "email")


def test_a_supervisor_says_with_a_motive_that_an_abusive_sending_is_owed_nothing(house: House) -> None:
    case = house.open(category_code="PROP-01")
    house.work()
    with house.up.units.begin(SYSTEM) as uow:
        waive_receipts(uow, case.reference, "400 messages identiques en une nuit")
    house.clock.at = TUESDAY + timedelta(days=40)
    assert house.lists(case) == ([], [])
    watch_receipts(house.up)
    assert [one.nature for one in house.receipts(case)] == ["registration"]


@pytest.mark.parametrize("by", ["rule", "hand"])
def test_what_comes_back_from_a_body_is_acknowledged_by_us(house: House, by: str) -> None:
    # given: transmitted before any service was known
    case = house.open(category_code="ECLA-01" if by == "rule" else "PROP-01")
    house.work()
    if by == "hand":
        with house.up.units.begin(SYSTEM) as uow:
            act(uow, given.rulebook(uow), case.reference, "refer", unit_id=None)
        watch_receipts(house.up)
    before = len(house.receipts(case))
    # when: refused long after, then entrusted
    house.clock.at = TUESDAY + timedelta(days=40)
    with house.up.units.begin(SYSTEM) as uow:
        take_back_referred(uow, given.rulebook(uow), case.reference)
    house.work()
    assert house.lists(case) == ([], []), "its ten days begin today"
    with house.up.units.begin(SYSTEM) as uow:
        act(uow, given.rulebook(uow), case.reference, "route")
    watch_receipts(house.up)
    house.work()
    watch_receipts(house.up)
    # then
    kept = house.receipts(case)[before:]
    assert [(one.nature, one.missing, one.state) for one in kept] == [("acknowledgement", (), "sent")]
    assert "mardi 15 septembre 2026" in kept[0].body and house.lists(case) == ([], [])


def test_what_was_refused_at_once_and_is_opened_again_is_acknowledged(house: House) -> None:
    case = house.open(category_code="VOIR-01", place=given.place(road_owner="private"))
    house.work()
    before = len(house.receipts(case))
    with house.up.units.begin(SYSTEM) as uow:
        act(uow, given.rulebook(uow), case.reference, "reopen")
        act(uow, given.rulebook(uow), case.reference, "route")
    house.work()
    watch_receipts(house.up)
    assert [one.nature for one in house.receipts(case)[before:]] == ["acknowledgement"]
