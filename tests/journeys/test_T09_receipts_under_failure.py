"""T09: no mail server for 26 hours over a week-end, five demands: each is told once, with its true date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.channels import open_channels
from crm.foundation import PARIS
from crm.foundation.settings import Mail
from tests.journeys.calls import surname
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault
from tests.journeys.residents import report
from workers.timetable import watch_receipts

Visit = Callable[..., Page]
FRIDAY_EVENING = datetime(2027, 1, 8, 17, 30, tzinfo=PARIS)
NOBODY_LISTENS = 9
WEDNESDAY = datetime(2027, 1, 6, 11, 0, tzinfo=PARIS)


@pytest.fixture
def unplugged(house: House) -> Iterator[House]:
    """The same house, whose mails knock at a door that nobody opens."""
    mail = Mail(host="127.0.0.1", port=NOBODY_LISTENS, timeout_seconds=3)
    away = open_channels(house.wired.settings.model_copy(update={"mail": mail}))
    house.clock.at = FRIDAY_EVENING
    yield replace(house, wired=replace(house.wired, channels=away))


def _mailboxes() -> list[str]:
    return [f"{uuid4().hex}@usagers.example" for _ in range(5)]


def test_a_week_end_without_mail_server(visit: Visit, house: House, unplugged: House) -> None:
    resident, boxes = visit(java_script_enabled=False), _mailboxes()
    references = []
    # when: four potholes and a complaint, from Friday evening to Saturday noon; workers try all along
    for number, box in enumerate(boxes):
        told = ("ma réclamation sur un service", "REL-01") if number == 4 else ("nid de poule", "VOIR-01")
        address = report(resident, *told, house.place("public"), name=surname("Attente"), email=box)
        case = house.case_at(address)
        references.append(case.reference)
        expect(resident.locator("main")).to_contain_text(re.sub(r"\D", "", case.reference)[:4])
        unplugged.work()
        house.clock.at += timedelta(hours=4)
    resident.reload()
    expect(resident.locator("main")).to_contain_text("Votre accusé est retardé")
    look(resident, "receipt-delayed")
    no_fault(visit_with_scripts(visit, resident.url))
    # then: a supervisor reads what waits, and why; nothing is a breach before the end of Monday
    board = visit("helene")
    board.goto("/console/accuses")
    for reference in references:
        expect(board.locator("main")).to_contain_text(reference)
    while house.clock.at < FRIDAY_EVENING + timedelta(hours=26):
        unplugged.work()
        house.clock.at += timedelta(hours=1)
    assert not any(house.mails(box) for box in boxes)
    # when: it is back
    house.clock.at += timedelta(hours=1)
    house.work()
    watch_receipts(house.wired)
    house.work()
    # then: once each, the day they were received and not the day it left
    mails = [house.mails(box) for box in boxes]
    assert [len(some) for some in mails] == [1] * 5
    for number, ((text,), reference) in enumerate(zip(mails, references, strict=True)):
        assert all(said in text for said in (reference, "Téléphone", "Adresse")), text
        assert ("vendredi 8" if number < 2 else "samedi 9") in text
        assert ("considérée comme refusée" in text) == (number == 4), "silence decides of a complaint alone"
    board.goto("/console/accuses")
    for reference in references:
        expect(board.locator("main")).not_to_contain_text(reference)


def test_what_waits_for_more_than_a_working_day_is_a_breach(
    visit: Visit, house: House, unplugged: House
) -> None:
    resident, box = visit(java_script_enabled=False), _mailboxes()[0]
    house.clock.at = WEDNESDAY
    told = ("nid de poule profond", "VOIR-01", house.place("public"))
    address = report(resident, *told, name=surname("Attente"), email=box)
    reference = house.case_at(address).reference
    unplugged.work()
    house.clock.at = WEDNESDAY + timedelta(days=2)
    house.work()
    watch_receipts(house.wired)
    (text,) = house.mails(box)
    assert "mercredi 6 janvier 2027" in text
    board = visit("helene")
    board.goto("/console/accuses")
    line = board.locator("tr", has_text=reference)
    expect(line).to_contain_text("Parti après la date")


def visit_with_scripts(visit: Visit, address: str) -> Page:
    page = visit()
    page.goto(address)
    return page
