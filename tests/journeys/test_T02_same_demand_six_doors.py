"""T02: one pothole by telephone, form, mail, counter, letter, SMS: same category, unit and rule of delay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, cast
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm.cases import Case
from crm.channels import LetterPaper, letters_pdf, open_box, sign
from crm.deadlines import DelayUnit
from crm.foundation import PARIS
from crm.inbox import Inbound
from tests.channels.mails import mail
from tests.journeys.calls import surname
from tests.journeys.going import follow
from tests.journeys.house import SMS_SECRET, TUESDAY_BEFORE_CHRISTMAS, House
from tests.journeys.residents import report
from tests.mail_servers import MailHouse, mail_house
from tests.waiting import wait_until
from workers.mailboxes import Fetcher

Visit = Callable[..., Page]
WORDS = "nid de poule profond sur la chaussée"
FIVE_DAYS_AGO = datetime(2026, 12, 17, 9, 0, tzinfo=PARIS)


@pytest.fixture(scope="module")
def post() -> Iterator[MailHouse]:
    with mail_house() as made:
        yield made


@dataclass
class Doors:
    """Each returns the reference of the demand it took."""

    visit: Visit
    house: House
    place: str
    agent: Page  # an advisor's

    def telephone(self) -> str:
        page = self.agent
        page.goto("/console/demandes/nouvelle")
        page.fill("#object", WORDS)
        page.fill("#family_name", surname("Marchand"))
        page.select_option("#answer_channel", "none")
        return self._registered(page)

    def web(self) -> str:
        page = self.visit(java_script_enabled=False)
        return self.house.case_at(report(page, WORDS, "VOIR-01", self.place)).reference

    def mail(self, post: MailHouse) -> str:
        """By a real mail server, fetched by IMAP, sorted by an agent."""
        box, sender = post.box(), f"{uuid4().hex}@usagers.example"
        post.send(box.user, mail(f"{WORDS}, {self.place}", From=sender, To=box.user, Subject="Route"), sender)
        wired = self.house.wired
        wait_until(lambda: post.held(box))
        with open_box(box) as opened:
            assert Fetcher(wired, box, Event()).fetch(opened) == 1
        self.house.work()
        return self._sorted(Inbound.source == box.user)

    def counter(self) -> str:
        page = self.visit("nadege")
        page.goto("/console/guichet/nouvelle")
        page.fill("#object", WORDS)
        page.fill("#place_text", self.place.partition(",")[0])
        page.select_option("#any_category", "VOIR-01")
        page.select_option("#answer_channel", "none")
        send = page.get_by_role("button", name="Enregistrer et donner le récépissé")
        follow(page, send)
        if page.locator("#place_choice").count():
            page.locator("#place_choice input").first.check()
            send.click()
        page.wait_for_url("**/enregistree")
        return page.url.split("/")[-2]

    def letter(self) -> str:
        """Typed, scanned today; it reached us five days ago."""
        page = self.agent
        page.goto("/console/courriers/arrives")
        scan = {"name": "courrier.pdf", "mimeType": "application/pdf", "buffer": _typed(self.place)}
        page.set_input_files("#files", scan)  # type: ignore[arg-type]
        page.fill("#received_on", FIVE_DAYS_AGO.date().isoformat())
        page.fill("#sender_name", f"Luc {surname('Nguyen')}")
        page.get_by_role("button", name="Garder et ouvrir la demande").click()
        page.wait_for_url("**/nouvelle?brouillon=*")
        expect(page.locator("#object")).to_have_value(re.compile("nid de poule"))
        page.select_option("#answer_channel", "none")
        return self._registered(page)

    def sms(self) -> str:
        """Told by the provider's signed call, sorted by an agent."""
        told = {"type": "message", "id": uuid4().hex, "from": _number(), "text": f"{WORDS} {self.place}"}
        body = json.dumps(told).encode()
        stamp = str(int(self.house.clock.now().timestamp()))
        mark = sign(SMS_SECRET, "t02", stamp, body)
        head = {"webhook-id": "t02", "webhook-timestamp": stamp, "webhook-signature": mark}
        head["content-type"] = "application/json"
        page = self.visit()
        answer = page.request.post("/hooks/sms", data=body, headers=head)
        assert answer.status == 202
        self.house.work()
        return self._sorted(Inbound.sender == told["from"])

    def _sorted(self, which: sa.ColumnElement[bool]) -> str:
        with self.house.wired.sessions() as session:
            (inbound_id,) = session.scalars(sa.select(Inbound.id).where(which)).all()
        page = self.agent
        page.goto(f"/console/arrivees/{inbound_id}")
        page.get_by_role("button", name="Créer une demande").first.click()
        page.wait_for_url("**/nouvelle?brouillon=*")
        page.select_option("#answer_channel", "none")
        return self._registered(page)

    def _registered(self, page: Page) -> str:
        """The category proposed first, and the place chosen in the list, as for any demand."""
        page.locator("#categories input[value=VOIR-01]").check(force=True)
        page.fill("#place", "")
        page.locator("#place").press_sequentially(self.place)
        page.locator("[role=option]").first.click()
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile("/enregistree"))
        return page.url.split("/")[-2]


def test_six_doors_one_demand(visit: Visit, house: House, post: MailHouse) -> None:
    doors = Doors(visit, house, house.place("public"), visit("karim"))
    made = {
        "phone": doors.telephone(),
        "web": doors.web(),
        "email": doors.mail(post),
        "desk": doors.counter(),
        "letter": doors.letter(),
        "sms": doors.sms(),
    }
    cases = {channel: house.case(reference) for channel, reference in made.items()}
    # then: only the channel differs
    assert {channel: case.channel for channel, case in cases.items()} == {name: name for name in cases}
    assert len({_same(case) for case in cases.values()}) == 1
    # the rule of delay is one, counted from reception: five days less are left for the letter
    assert all(case.announced_due_at == _due(house, case.received_at) for case in cases.values())
    assert cases["letter"].received_at == FIVE_DAYS_AGO
    # a mail is received when our mail server took it, by the clock of that server
    today = [case for channel, case in cases.items() if channel not in {"letter", "email"}]
    assert {case.received_at for case in today} == {TUESDAY_BEFORE_CHRISTMAS}
    # and the figures of the centre count the six, each under its channel
    board = visit("helene")
    board.goto("/console/tableau")
    for channel in ("Téléphone", "Site internet", "Courriel", "Guichet", "Courrier", "SMS"):
        expect(board.locator("main")).to_contain_text(channel)


def _same(case: Case) -> tuple[Any, ...]:
    return case.category_code, case.unit_id, case.priority, case.address_id, case.insee, case.state


def _due(house: House, received_at: datetime) -> datetime:
    catalogue, _index = house.wired.rulebooks.categories()
    leaf = catalogue.categories["VOIR-01"]
    calendar = house.wired.rulebooks.calendar()
    return calendar.due_at(received_at, leaf.delay_days, cast(DelayUnit, leaf.delay_unit), leaf.priority)


def _number() -> str:
    return f"+336399{uuid4().int % 100_000:05d}"


def _typed(place: str) -> bytes:
    paper = LetterPaper(
        centre="x", centre_lines=(), place="Rivebois", day="16 décembre 2026", reference="",
        to_lines=("Métropole",), subject="Route", body=f"Il y a un {WORDS}, {place}. {uuid4().hex}",
    )  # fmt: skip
    return letters_pdf([paper])
