"""The answer: drafted, shown, sent, and the case is closed; by letter or by phone for who has neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.contacts import refuse_sms
from crm.foundation import SYSTEM, Delivery, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


@pytest.fixture
def resolved(world: World, sessions: Sessions, clock: FrozenClock) -> Callable[..., str]:
    def make(**told: object) -> str:
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            who = given.contact(
                uow, **{"phone": "0639980001", "postal": ("1 rue des Lilas", "99810 Aubreval")}
            )
        return world.case(sessions, clock, CaseState.RESOLVED, **{"contact_id": who, **told})

    return make


def _messages(sessions: Sessions) -> list[Interaction]:
    with sessions() as session:
        return list(session.scalars(sa.select(Interaction).where(Interaction.kind == "answer")))


def _case(sessions: Sessions) -> Case:
    with sessions() as session:
        return session.scalars(sa.select(Case)).one()


def _send(browser: Browser, reference: str, **fields: str) -> int:
    told = {"seen_version": "3", "outcome": "F", "subject": "Réponse", "body": "C’est réparé.", **fields}
    return browser.post(f"/console/demandes/{reference}/reponse", **told).status_code


def test_the_draft_comes_from_the_report_and_goes_to_the_usagers_own_address(
    log_in: Enter, resolved: Callable[..., str]
) -> None:
    browser, reference = log_in("advisor"), resolved()
    assert reference in browser.get("/console/files/reponses").text
    page = browser.get(f"/console/demandes/{reference}/reponse").text
    assert "Trou rebouché." in page and reference in page
    assert "aicha.diallo@exemple.fr" in page


@pytest.mark.parametrize(
    ("channel", "state"), [("email", "queued"), ("letter", "to_print"), ("phone", "to_call")]
)
def test_sending_closes_and_the_answer_takes_its_channel(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions, channel: str, state: str
) -> None:
    browser, reference = log_in("advisor"), resolved()
    assert _send(browser, reference, channel=channel, channel_motive="Long à lire") == 303
    (sent,) = _messages(sessions)
    assert (sent.state, sent.body, _case(sessions).state) == (state, "C’est réparé.", "closed")
    with sessions() as session:
        assert "send_message" in set(session.scalars(sa.select(Delivery.job)))


def test_another_way_than_the_one_asked_for_says_why_and_the_demand_keeps_it(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved()
    at = f"/console/demandes/{reference}"
    assert 'name="channel_motive"' not in browser.get(f"{at}/reponse").text
    assert 'name="channel_motive"' in browser.get(f"{at}/reponse", canal="letter").text
    told = {
        "seen_version": "3",
        "outcome": "F",
        "channel": "letter",
        "body": "C’est réparé.",
        "channel_motive": " ",
    }
    refused = browser.post(f"{at}/reponse", **told)
    assert refused.status_code == 422 and 'id="channel_motive-error"' in refused.text
    assert "C’est réparé." in refused.text and _messages(sessions) == []
    assert _send(browser, reference, channel="letter", channel_motive="Des plans à joindre") == 303
    shown = browser.get(at).text
    assert "Des plans à joindre" in shown and "pourquoi par un autre moyen" in shown.lower()


@pytest.mark.parametrize("wish", ["none", "sms"])
def test_nobody_says_why_where_nothing_was_asked_for_or_it_does_not_serve(
    log_in: Enter, resolved: Callable[..., str], units: Units, wish: str
) -> None:
    with units.begin(SYSTEM) as uow:
        who = given.contact(uow, phone="0639980002")
        refuse_sms(uow, "+33639980002", "sms")
    reference = resolved(contact_id=who, answer_channel=wish)
    assert _send(log_in("advisor"), reference, channel="email") == 303


def test_a_preview_sends_nothing(log_in: Enter, resolved: Callable[..., str], sessions: Sessions) -> None:
    browser, reference = log_in("advisor"), resolved()
    told = {"seen_version": "3", "outcome": "F", "channel": "email", "body": "Bonjour <b>vous</b>"}
    page = browser.post(f"/console/demandes/{reference}/reponse/apercu", **told)
    assert page.status_code == 200 and "Bonjour &lt;b&gt;vous&lt;/b&gt;" in page.text
    assert _messages(sessions) == [] and _case(sessions).state == "resolved"


@pytest.mark.parametrize(
    "fields",
    [{"channel": "email", "body": " "}, {"channel": ""}, {"channel": "email", "outcome": "Z"},
     {"channel": "sms", "recipient": "+33600000000"}, {"no_answer_reason": "flemme"}],
)  # fmt: skip
def test_without_an_answer_or_a_reason_it_stays_open_and_the_text_is_kept(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions, fields: dict[str, str]
) -> None:
    browser, reference = log_in("advisor"), resolved()
    told = {"seen_version": "3", "outcome": "F", "subject": "Mon sujet à moi", "body": "Mon texte.", **fields}
    if "sms" in told.values():
        told["channel"] = "letterbox"
    answer = browser.post(f"/console/demandes/{reference}/reponse", **told)
    assert answer.status_code == 422
    assert told["body"].strip() in answer.text
    assert _case(sessions).state == "resolved" and _messages(sessions) == []


def test_an_answer_never_leaves_for_an_address_typed_in_the_form(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved()
    assert _send(browser, reference, channel="email", recipient="autre@exemple.example") == 303
    assert _messages(sessions)[0].recipient == "aicha.diallo@exemple.fr"


def test_a_reason_closes_what_nobody_can_be_answered(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved(contact_id=None, answer_channel="none")
    assert _send(browser, reference, no_answer_reason="anonymous", channel="", body="") == 303
    case = _case(sessions)
    assert (case.state, case.no_answer_reason, case.answered_at) == ("closed", "anonymous", None)


def test_a_second_agent_who_answers_is_told_and_keeps_the_text(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved()
    told = {"seen_version": "2", "outcome": "F", "channel": "email", "body": "Ma réponse."}
    answer = browser.post(f"/console/demandes/{reference}/reponse", **told)
    assert answer.status_code == 409 and "Ma réponse." in answer.text
    assert _messages(sessions) == []


def test_a_town_hall_closes_only_what_is_communal(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    desk = log_in("desk_agent")
    bin_ = world.case(sessions, clock, CaseState.RESOLVED, category_code="DECH-01")
    pothole = world.case(sessions, clock, CaseState.RESOLVED)
    assert desk.get(f"/console/demandes/{pothole}").status_code == 200
    assert [_send(desk, reference, channel="email") for reference in (bin_, pothole)] == [303, 403]


def test_letters_are_printed_then_leave_the_list(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved()
    _send(browser, reference, channel="letter", channel_motive="Des plans à joindre")
    assert reference in browser.get("/console/courriers").text
    for query in ({}, {"gros-caracteres": "1"}):
        paper = browser.get("/console/courriers.pdf", **query)
        assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    letter = str(_messages(sessions)[0].id)
    assert browser.post("/console/courriers/imprimes", letter=[letter, "999", "x"]).status_code == 303
    assert "Aucun courrier à imprimer." in browser.get("/console/courriers").text


def test_a_call_without_answer_stays_to_be_made(
    log_in: Enter, resolved: Callable[..., str], sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), resolved()
    _send(browser, reference, channel="phone", channel_motive="Plus simple à dire")
    call = _messages(sessions)[0].id
    assert reference in browser.get("/console/rappels").text
    browser.post(f"/console/rappels/{call}", reached="0", note="Occupé")
    assert reference in browser.get("/console/rappels").text
    browser.post(f"/console/rappels/{call}", reached="1")
    assert reference not in browser.get("/console/rappels").text
    assert browser.post(f"/console/rappels/{call}", reached="1").status_code == 404
