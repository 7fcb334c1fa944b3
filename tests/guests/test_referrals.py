"""« Transmettre » (CRPA L114-2): to whom, the usager told, the answer back, and no ping-pong."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import (
    BounceReason,
    CaseState,
    Ending,
    Outcome,
    case_by_id,
    close_case,
    one_case,
    resolve_case,
    route_case,
)
from crm.foundation import Delivery, EventRow, Invalid, NotAllowed, NotFound, UnitOfWork
from crm.foundation.settings import Centre
from crm.guests import (
    Answer,
    Purpose,
    Said,
    cases_to_decide,
    guest_counts,
    guest_list,
    message_for,
    note_answer,
    one_link,
    prepare_referral,
    refer_outside,
)
from crm.interactions import exchanges
from tests import given
from tests.acting import act, message, report, version
from tests.given import Town
from tests.guests.outside import answers, asking, case_of, referred

ADVISOR, SUPERVISOR = given.actor("advisor", id=1), given.actor("supervisor", id=2)


def _words(uow: UnitOfWork, case_id: int, kind: str) -> list[str]:
    return [one.body for one in exchanges(uow.session, case_id) if one.kind == kind]


def test_it_ends_with_us_transmitted_and_both_are_told(uow: UnitOfWork, town: Town) -> None:
    link = referred(uow, town)
    case = case_of(uow, link)
    assert (case.state, case.outcome, case.unit_id) == ("closed", "T", None)
    assert case.answered_at is not None
    (kept,) = _words(uow, case.id, "referred_to")
    assert "CRPA, article L114-2" in kept and "Eaux de la Haute-Rive" in kept and "22/09/2026" in kept
    uow.write_events()
    follows = sa.select(Delivery.job).join(EventRow).where(EventRow.kind == "case.referred")
    assert set(uow.session.scalars(follows)) >= {"hand_over", "tell_referral"}


def test_what_a_rule_refers_shows_no_words_of_the_usager(uow: UnitOfWork, town: Town) -> None:
    given.category(uow, "VOIR-09")
    given.routing(uow, {"category_code": "VOIR-09", "unit_id": town.lighting, "decision": "refer"})
    reference = given.open_case(uow, given.rulebook(uow), category_code="VOIR-09", object="Mme Diallo, au 12")
    case_id = uow.session.scalars(sa.text(f"SELECT id FROM cases WHERE reference = '{reference}'")).one()
    # when: the job comes, twice
    link_id = prepare_referral(uow, case_id)
    uow.session.flush()
    assert link_id is not None and prepare_referral(uow, case_id) == link_id
    # then
    link = one_link(uow.session, link_id)
    assert (link.observed, link.question, list(link.files)) == ("", "", [])
    assert (link.unit_id, link.asked_by_id) == (town.lighting, None)
    (kept,) = _words(uow, case_id, "referred_to")  # on which basis, as when an agent does it; once
    assert "CRPA, article L114-2" in kept and "Diallo" not in kept


@pytest.mark.parametrize("end", ["close", "resolve"])
def test_transmitted_is_no_end_that_one_chooses(uow: UnitOfWork, town: Town, end: str) -> None:
    reference = given.open_case(uow, town.book)
    seen = version(uow, reference)
    with pytest.raises(Invalid) as refusal:
        if end == "close":
            ending = Ending(outcome=Outcome.TRANSMITTED, answer=message())
            close_case(uow, reference, ending=ending, seen_version=seen)
        else:
            resolve_case(uow, reference, report=report(outcome=Outcome.TRANSMITTED), seen_version=seen)
    assert refusal.value.fields == {"outcome": "unknown"}


def test_taken_then_done(uow: UnitOfWork, town: Town) -> None:
    link = referred(uow, town)
    answers(uow, town, link, Answer.TAKEN, text="")
    answers(uow, town, link, Answer.DONE, text="Conduite réparée le 3.")
    assert case_of(uow, link).state == "closed"
    assert ["Conduite réparée" in said for said in _words(uow, link.case_id, "referral_answer")] == [
        False,
        True,
    ]
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.REFUSED)


def test_a_refusal_brings_it_back_with_its_reason(uow: UnitOfWork, town: Town) -> None:
    link = referred(uow, town)
    with pytest.raises(Invalid):
        answers(uow, town, link, Answer.REFUSED, text="")
    answers(uow, town, link, Answer.REFUSED, text="C’est une conduite privée.")
    case = case_of(uow, link)
    assert (case.state, case.outcome, case.unit_id, case.bounce_count) == ("registered", None, None, 1)
    (said,) = _words(uow, case.id, "referral_answer")
    assert "conduite privée" in said
    lists = {name: guest_list(uow.session, SUPERVISOR, name, uow.now) for name in ("refusees", "attente")}
    assert [one.id for one in lists["refusees"]] == [link.id] and lists["attente"] == []


def test_after_two_returns_only_a_coordinator_sends_it_anywhere(uow: UnitOfWork, town: Town) -> None:
    # given: a unit sent it back, then a body refused it
    reference = given.open_case(uow, town.book)
    act(uow, town.book, reference, "bounce", reason=BounceReason.WRONG_UNIT, motive="Pas à nous.")
    link = referred(uow, town, reference)
    answers(uow, town, link, Answer.REFUSED, text="Pas à nous non plus.")
    # when
    uow.actor = ADVISOR
    seen = {"seen_version": version(uow, reference)}
    with pytest.raises(NotAllowed):
        route_case(uow, town.book, reference, unit_id=town.roads, motive="Encore.", **seen)
    with pytest.raises(NotAllowed):
        refer_outside(uow, reference, asking(uow), book=town.book, **seen)
    uow.session.expire_all()
    assert case_of(uow, link).state == "registered"
    # then: it is in the supervisor's list, with what was said each time
    uow.write_events()
    assert cases_to_decide(uow.session, ADVISOR) == []
    (waiting,) = [one for one in cases_to_decide(uow.session, SUPERVISOR) if one.reference == reference]
    assert [back.from_unit_id for back in waiting.history] == [town.roads, None]
    assert all(back.interaction_id for back in waiting.history)
    uow.actor = SUPERVISOR
    route_case(uow, town.book, reference, unit_id=town.roads, motive="Je tranche.", **seen)


def test_passed_on_again_the_first_link_opens_nothing(uow: UnitOfWork, town: Town) -> None:
    first = referred(uow, town)
    act(uow, town.book, first.case.reference, "reopen")
    second = referred(uow, town, first.case.reference, organization="Commune voisine")
    with pytest.raises(NotFound):
        answers(uow, town, first, Answer.REFUSED)
    answers(uow, town, second, Answer.TAKEN)


def test_reopened_by_us_meanwhile_its_link_is_over(uow: UnitOfWork, town: Town) -> None:
    link = referred(uow, town)
    act(uow, town.book, link.case.reference, "reopen")
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.REFUSED)


def test_said_by_telephone_an_agent_notes_it(uow: UnitOfWork, town: Town) -> None:
    link = referred(uow, town, unit_id=town.lighting, email="")
    assert link.email == ""
    uow.actor = ADVISOR
    said = Said(answer=Answer.REFUSED, name="Mme Roux, standard", text="Ce n’est pas leur réseau.")
    note_answer(uow, town.book, link.case.reference, link.id, said)
    assert case_of(uow, link).state == "registered"


@pytest.mark.parametrize("told", [{"unit_id": 0}, {"email": ""}])
def test_to_nobody_it_is_not_transmitted(uow: UnitOfWork, town: Town, told: dict[str, Any]) -> None:
    reference = given.open_case(uow, town.book, CaseState.REGISTERED)
    with pytest.raises(Invalid):
        referred(uow, town, reference, **told)
    row = uow.session.execute(sa.text("SELECT id FROM cases WHERE reference = :r"), {"r": reference}).one()
    assert case_by_id(uow.session, row.id).state == "registered"


def test_a_unit_transmits_nothing(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    uow.actor = given.actor("team_lead", unit=town.roads, id=3)
    with pytest.raises(NotAllowed):
        refer_outside(uow, reference, asking(uow), book=town.book, seen_version=1)


def test_lists_count_what_they_hold_within_reach(uow: UnitOfWork, town: Town) -> None:
    before = guest_counts(uow.session, SUPERVISOR, uow.now)
    link = referred(uow, town)
    answers(uow, town, link, Answer.TAKEN)
    referred(uow, town)
    after = guest_counts(uow.session, SUPERVISOR, uow.now)
    assert {name: after[name] - before[name] for name in after} == {
        "attente": 1, "silence": 0, "refusees": 0, "prises": 1, "avis": 0,
    }  # fmt: skip
    elsewhere = given.actor("desk_agent", insee=given.NEIGHBOUR)
    assert set(guest_counts(uow.session, elsewhere, uow.now).values()) == {0}


def test_the_mail_tells_all_that_the_usager_told(uow: UnitOfWork, town: Town, texts: None) -> None:
    usager = given.contact(uow, phone="06 39 98 00 01", postal=("4 rue Sainte-Anne", "99130 Beaulieu"))
    book = given.rulebook(uow)
    told = {"size": "large", "deep": "yes"}
    place = given.place(hint="devant la boulangerie")
    reference = given.open_case(uow, book, contact_id=usager, answers=told, place=place)
    case = one_case(uow.session, uow.actor, reference)
    # when
    mail = message_for(uow.session, Centre(), book.catalogue, case, Purpose.REFERRAL, asking(uow), uow.now)
    # then: whoever is competent has nothing to ask again
    assert mail is not None
    assert "Il précise : Quelle taille ? Plus large qu’une roue · " in mail.body
    assert "Est-il profond (plus qu’une main) ? oui" in mail.body
    assert "devant la boulangerie" in mail.body and "4 rue Sainte-Anne, 99130 Beaulieu" in mail.body
