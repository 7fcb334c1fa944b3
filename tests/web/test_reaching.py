"""What agents see and do of the ways to reach somebody: verified, SMS refused, what arrived or did not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.contacts import contact_card, numbers_refusing_sms
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import (
    Delivered,
    Message,
    NotSent,
    Sent,
    mark_refused,
    mark_sent,
    note_delivery,
    queue_message,
)
from crm.notifications import reach_otherwise
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PHONE, NUMBER = "06 39 98 00 71", "+33639980071"


@pytest.fixture
def who(units: Units) -> int:
    with units.begin(SYSTEM) as uow:
        return given.contact(uow, family_name="Sarr", phone=PHONE, email="sarr@exemple.fr")


def _points(units: Units, who: int) -> dict[str, int]:
    with units.reading() as session:
        return {point.kind: point.id for point in contact_card(session, who).points}


def test_an_agent_says_how_a_point_was_verified_and_takes_it_back(
    log_in: Enter, units: Units, who: int
) -> None:
    browser, sheet = log_in("advisor"), f"/console/usagers/{who}"
    address = f"{sheet}/moyens/{_points(units, who)['phone']}"
    refused = browser.post(address, act="verified", how="")
    assert refused.status_code == 422 and "Dites comment" in refused.text
    assert browser.post(address, act="verified", how="link").status_code == 422, "only a link says a link"
    assert browser.post(address, act="verified", how="call_back").status_code == 303
    assert "rappelé à ce numéro" in browser.get(sheet).text
    assert browser.post(address, act="doubted").status_code == 303
    assert "rappelé à ce numéro" not in browser.get(sheet).text


def test_verified_elsewhere_it_says_so(log_in: Enter, units: Units, who: int) -> None:
    with units.begin(SYSTEM) as uow:
        other = given.contact(uow, family_name="Autre", phone=PHONE)
    browser, point = log_in("advisor"), _points(units, who)["phone"]
    assert (
        browser.post(f"/console/usagers/{who}/moyens/{point}", act="verified", how="paper").status_code == 303
    )
    refused = browser.post(f"/console/usagers/{other}/moyens/{point}", act="verified", how="paper")
    assert refused.status_code == 422 and "déjà vérifié sur une autre fiche" in refused.text


def test_no_more_sms_is_said_shown_and_undone(
    log_in: Enter, units: Units, who: int, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, contact_id=who, answer_channel="sms")
    browser, address = log_in("advisor"), f"/console/usagers/{who}/moyens/{_points(units, who)['phone']}"
    assert browser.post(address, act="no_sms").status_code == 303
    for page in (
        f"/console/usagers/{who}",
        f"/console/usagers/{who}/modifier",
        f"/console/demandes/{reference}",
    ):
        assert "ne veut plus de SMS" in browser.get(page).text, page
    answer = browser.get(f"/console/demandes/{reference}/reponse").text
    assert "l’usager n’en veut plus" in answer and "sarr@exemple.fr" in answer
    assert browser.post(address, act="sms_again").status_code == 303
    assert "ne veut plus de SMS" not in browser.get(f"/console/usagers/{who}").text
    email = f"/console/usagers/{who}/moyens/{_points(units, who)['email']}"
    assert browser.post(email, act="no_sms").status_code == 404
    with units.reading() as session:
        assert numbers_refusing_sms(session, [NUMBER]) == set()


def test_a_timeline_says_when_a_mail_was_put_in_its_box(
    log_in: Enter, units: Units, who: int, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, contact_id=who, answer_channel="email")
    with units.begin(SYSTEM) as uow:
        case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
        told = Message(kind="delay", channel="email", recipient="sarr@exemple.fr", body="Le 20.")
        sent = queue_message(uow, case, case.id, told)
        note_delivery(uow, Delivered(at=clock.now(), message_id=sent, channel="sms"))
        mark_sent(uow, [Sent(sent)])
    browser, page = log_in("supervisor"), f"/console/demandes/{reference}"
    assert "remis le" not in browser.get(page).text.lower(), "said of an SMS, it is none of this one's"
    with units.begin(SYSTEM) as uow:
        note_delivery(uow, Delivered(at=clock.now(), message_id=sent, channel="email"))
    assert "remis le" in browser.get(page).text.lower()


def test_a_timeline_says_what_arrived_and_why_the_rest_did_not(
    log_in: Enter, units: Units, who: int, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, contact_id=who, answer_channel="sms")
    with units.begin(SYSTEM) as uow:
        case = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
        told = Message(kind="delay", channel="sms", recipient=NUMBER, body="Le 20.", contact_id=who)
        arrived, lost, back = (queue_message(uow, case, case.id, told) for _ in range(3))
        mark_sent(uow, [Sent(arrived, "p1"), Sent(back, "p2")])
        note_delivery(uow, Delivered(at=clock.now(), message_id=arrived))
        note_delivery(uow, Delivered(at=clock.now(), message_id=back, failed="absent-subscriber"))
        mark_refused(uow, [NotSent(lost, "http_422")])
        reach_otherwise(uow, lost)
    browser = log_in("supervisor")
    for page in (f"/console/demandes/{reference}", f"/console/usagers/{who}"):
        shown = browser.get(page).text.lower()
        assert "remis le" in shown, page
        assert "téléphone éteint ou hors réseau" in shown and "refusé par le fournisseur" in shown, page
    sendings = browser.get("/console/envois").text
    assert "Messages refusés" in sendings and reference in sendings
    assert "téléphone éteint ou hors réseau" in sendings and "Rien d’autre n’a été tenté" in sendings
    assert "Courriel · pas encore envoyé" in sendings, "and what was done about the other one"
    assert NUMBER not in sendings and "Sarr" not in sendings, "who manages sendings sees no usager"
