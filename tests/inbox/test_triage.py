"""An agent says what becomes of an arrival: once, with a trace, and never over a colleague's word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.cases import Case, CaseSheet, CaseState, one_case
from crm.foundation import SYSTEM, Actor, Conflict, IllegalStep, Invalid, NotAllowed, UnitOfWork, Units
from crm.inbox import (
    answer_arrival,
    arrivals_to_sort,
    attach_arrival,
    confirm_sender,
    forward_arrival,
    made_case,
    set_arrival_aside,
    take_arrival_back,
    to_sort_count,
)
from crm.intake import Demand
from crm.interactions import Exchange, Message, one_message
from crm.trail import timeline
from tests import given
from tests.channels.mails import ANA
from tests.inbox.arriving import ADVISOR, COLLEAGUE, NOT_SORTING, arrived, kept


@pytest.fixture(autouse=True)
def town(units: Units) -> given.Town:
    with units.begin(SYSTEM) as uow:
        return given.town(uow)


def _case(units: Units, state: CaseState = CaseState.ASSIGNED, **told: object) -> CaseSheet:
    with units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, given.rulebook(uow), state, **told)
    with units.reading() as session:
        return one_case(session, ADVISOR, reference)


def _exchange(units: Units, interaction_id: int | None) -> Exchange:
    with units.reading() as session:
        return one_message(session, interaction_id or 0)


def test_the_list_holds_what_waits_oldest_first_page_after_page(units: Units) -> None:
    first, second, third = (arrived(units, Subject=f"Numéro {rank}") for rank in range(3))
    with units.reading() as session:
        page = arrivals_to_sort(session, ADVISOR, limit=2)
        assert [line.id for line in page] == [first.id, second.id]
        assert to_sort_count(session, ADVISOR) == 3
    with units.begin(ADVISOR) as uow:
        set_arrival_aside(uow, first.id, "spam", seen_version=first.version)
    with units.reading() as session:
        assert [line.id for line in arrivals_to_sort(session, ADVISOR)] == [second.id, third.id]


def test_one_mail_makes_two_demands_and_the_first_stays_its_first(units: Units) -> None:
    sheet, one, two = arrived(units), _case(units), _case(units)
    for case in (one, one, two):  # the form of the first was sent twice
        with units.begin(ADVISOR) as uow:
            made_case(uow, sheet.id, kept(units, sheet.id).version, case.id)
    done = kept(units, sheet.id)
    assert (done.outcome, done.case_id, done.case_ids, done.seen_by) == ("case", one.id, (one.id, two.id), 71)
    with units.reading() as session:
        said = [
            fact.data["outcome"] for fact in timeline(session, "inbound", sheet.id) if "outcome" in fact.data
        ]
    assert said == ["waiting", "case", "case"]


def test_a_mail_attached_by_hand_wakes_the_demand_that_waited_for_its_author(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        ana = given.contact(uow, email=ANA)
    case, sheet = (
        _case(units, CaseState.WAITING_REQUESTER, contact_id=ana, answer_channel="email"),
        arrived(units),
    )
    with units.begin(ADVISOR) as uow:
        attach_arrival(uow, sheet.id, case.reference, seen_version=sheet.version)
    done = kept(units, sheet.id)
    said = _exchange(units, done.interaction_id)
    assert (done.outcome, done.case_id, done.contact_id) == ("reply", case.id, ana)
    assert (said.kind, said.is_public, said.body) == ("precision", True, "Bonjour,\n\nIl y a un trou.")
    with units.reading() as session:
        assert one_case(session, ADVISOR, case.reference).state != CaseState.WAITING_REQUESTER


def test_what_a_stranger_wrote_is_not_shown_to_the_usager_unless_an_agent_says_so(units: Units) -> None:
    case, hidden, shown = _case(units), arrived(units), arrived(units, Subject="Autre")
    with units.begin(ADVISOR) as uow:
        attach_arrival(uow, hidden.id, case.reference, seen_version=hidden.version)
        attach_arrival(uow, shown.id, case.reference, seen_version=shown.version, shown=True)
    told = [_exchange(units, kept(units, one.id).interaction_id) for one in (hidden, shown)]
    assert [one.is_public for one in told] == [False, True]


def test_an_answer_without_a_demand_leaves_for_who_wrote_and_nobody_else(units: Units) -> None:
    sheet = arrived(units)
    elsewhere = Message(kind="answer", channel="email", recipient="autre@usagers.example", body="Bonjour.")
    with pytest.raises(Invalid), units.begin(ADVISOR) as uow:
        answer_arrival(uow, sheet.id, elsewhere, seen_version=sheet.version)
    right = Message(
        kind="answer", channel="email", recipient=ANA, subject="Re: Un trou", body="C’est ouvert."
    )
    with units.begin(ADVISOR) as uow:
        answer_arrival(uow, sheet.id, right, seen_version=sheet.version)
    done = kept(units, sheet.id)
    sent = _exchange(units, done.interaction_id)
    assert (done.outcome, done.reason) == ("information", "answered")
    assert (sent.state, sent.recipient, sent.case_id, sent.kind) == ("queued", ANA, None, "information")
    with pytest.raises(IllegalStep), units.begin(ADVISOR) as uow:
        take_arrival_back(uow, sheet.id, seen_version=done.version)


def test_what_another_body_is_competent_for_is_forwarded_with_a_trace(units: Units) -> None:
    with units.begin(SYSTEM) as uow:
        body, ours = given.unit(uow, "prefecture", operation="external"), given.unit(uow, "ateliers")
        book = given.rulebook(uow)
    sheet = arrived(units)

    def forward(unit_id: int | None) -> None:
        demand = Demand(
            key="a:1",
            object="Titre de séjour",
            channel="email",
            received_at=sheet.received_at,
            refer_to=unit_id,
        )
        with units.begin(ADVISOR) as uow:
            forward_arrival(uow, book, sheet.id, demand, seen_version=sheet.version)

    for wrong in (None, ours, 0):
        with pytest.raises(Invalid):
            forward(wrong)
    forward(body)
    done = kept(units, sheet.id)
    assert (done.outcome, done.reason) == ("case", "transmitted")
    with units.reading() as session:
        case = session.get_one(Case, done.case_id)
        assert (case.state, case.outcome, case.unit_id) == ("closed", "T", body)
        assert "case.referred" in [fact.kind for fact in timeline(session, "case", case.id)]


def test_set_aside_by_mistake_it_waits_again(units: Units) -> None:
    sheet = arrived(units)
    with pytest.raises(Invalid), units.begin(ADVISOR) as uow:
        set_arrival_aside(uow, sheet.id, "ennuyeux", seen_version=sheet.version)
    with units.begin(ADVISOR) as uow:
        set_arrival_aside(uow, sheet.id, "spam", seen_version=sheet.version)
    assert (kept(units, sheet.id).outcome, kept(units, sheet.id).reason) == ("discarded", "spam")
    with units.begin(COLLEAGUE) as uow:
        take_arrival_back(uow, sheet.id, seen_version=kept(units, sheet.id).version)
    assert kept(units, sheet.id).outcome == "waiting"


def test_thanks_are_an_information_not_a_discard(units: Units) -> None:
    sheet = arrived(units, "Merci !")
    with units.begin(ADVISOR) as uow:
        set_arrival_aside(uow, sheet.id, "thanks", seen_version=sheet.version)
    assert (kept(units, sheet.id).outcome, kept(units, sheet.id).reason) == ("information", "thanks")


ACTS: dict[str, Callable[[UnitOfWork, int, str, int], object]] = {
    "case": lambda uow, id, _reference, seen: made_case(uow, id, seen, 1),
    "attach": lambda uow, id, reference, seen: attach_arrival(uow, id, reference, seen_version=seen),
    "aside": lambda uow, id, _reference, seen: set_arrival_aside(uow, id, "spam", seen_version=seen),
    "back": lambda uow, id, _reference, seen: take_arrival_back(uow, id, seen_version=seen),
    "sender": lambda uow, id, _reference, seen: confirm_sender(uow, id, accepted=True, seen_version=seen),
    "answer": lambda uow, id, _reference, seen: answer_arrival(
        uow, id, Message(kind="answer", channel="email", recipient=ANA, body="Oui."), seen_version=seen
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_of_two_agents_at_once_the_second_does_nothing(units: Units, act: str) -> None:
    sheet, case = arrived(units), _case(units)
    with units.begin(COLLEAGUE) as uow:
        set_arrival_aside(uow, sheet.id, "duplicate", seen_version=sheet.version)
    with pytest.raises(Conflict), units.begin(ADVISOR) as uow:
        ACTS[act](uow, sheet.id, case.reference, sheet.version)
    done = kept(units, sheet.id)
    assert (done.outcome, done.reason, done.seen_by) == ("discarded", "duplicate", 72)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", NOT_SORTING, ids=lambda actor: min(actor.roles))
def test_who_does_not_sort_may_do_none_of_it(units: Units, who: Actor, act: str) -> None:
    sheet = arrived(units)
    with pytest.raises(NotAllowed), units.begin(who) as uow:
        ACTS[act](uow, sheet.id, "2026-000001-00", sheet.version)
    with pytest.raises(NotAllowed):
        kept(units, sheet.id, who)
