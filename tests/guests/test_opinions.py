"""An opinion is asked of somebody outside: what is kept, what comes back, when the link dies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, case_by_id, meant_for
from crm.cases.people.models import Mention
from crm.foundation import SYSTEM, FrozenClock, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork
from crm.foundation.settings import Centre
from crm.guests import (
    PLACE,
    Answer,
    Said,
    Standing,
    answer_link,
    ask_opinion,
    draw_key,
    guest_counts,
    guest_list,
    link_of_key,
    message_for,
    note_sent,
    one_link,
    revoke_link,
    with_keys,
)
from crm.guests.models import GuestKey
from crm.interactions import exchanges
from crm.staff import Agent
from tests import given
from tests.acting import act
from tests.given import Town
from tests.guests.outside import ENGINEER, answers, asked, asking, holder


def test_the_answer_lands_on_the_timeline_among_us_and_the_link_dies(uow: UnitOfWork, town: Town) -> None:
    link = asked(uow, town)
    key = draw_key(uow, link.id)
    # when
    answers(uow, town, link, Answer.GIVEN)
    # then
    (said,) = [one for one in exchanges(uow.session, link.case_id) if one.kind == "opinion"]
    assert "C’est notre conduite." in said.body and "N. Ferrand" in said.body
    assert (said.is_public, said.direction) == (False, "internal")
    found = link_of_key(uow.session, key)
    assert found is not None and found.standing(uow.now) is Standing.OVER
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.GIVEN, text="Encore moi.")


def test_an_answer_that_nobody_read_stays_in_its_list_and_is_counted_there(
    uow: UnitOfWork, town: Town
) -> None:
    link, email = asked(uow, town), given.agent(uow, "advisor")
    asker = _id_of(uow, email)
    answers(uow, town, link, Answer.GIVEN)
    reply_id = one_link(uow.session, link.id).reply_id
    assert reply_id is not None
    uow.actor, supervisor = SYSTEM, given.actor("supervisor", id=2)
    meant_for(uow, link.case_id, reply_id, [asker])
    for later in (uow.now, uow.now + timedelta(days=120)):
        held = guest_list(uow.session, supervisor, "avis", later)
        assert [one.id for one in held] == [link.id]
        assert guest_counts(uow.session, supervisor, later)["avis"] == 1
    # when: one of the two it is for has read it
    meant_for(uow, link.case_id, reply_id, [_id_of(uow, given.agent(uow, "supervisor"))])
    uow.session.execute(sa.update(Mention).where(Mention.agent_id == asker).values(seen_at=uow.now))
    assert guest_list(uow.session, supervisor, "avis", uow.now) == []
    assert guest_counts(uow.session, supervisor, uow.now)["avis"] == 0


def _id_of(uow: UnitOfWork, email: str) -> int:
    return uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one()


def test_only_the_hash_of_a_key_is_kept_and_each_mail_has_its_own(uow: UnitOfWork, town: Town) -> None:
    link = asked(uow, town)
    note_sent(uow, link.id, 41)
    note_sent(uow, link.id, 42)
    uow.session.flush()
    body = f"Répondez : https://ici.example/invite/{PLACE}"
    # when
    left = with_keys(uow, {41: body, 42: body, 43: body})
    # then: a mail that is not of a link gets no key, whatever it says
    assert left.keys() == {41, 42}
    first, second = (text.rpartition("/")[2] for text in left.values())
    assert first != second and len(first) >= 43, "256 bits"
    kept = uow.session.scalars(sa.select(GuestKey.key_hash)).all()
    assert {first, second} & set(kept) == set() and len(kept) == 2
    for key in (first, second):
        found = link_of_key(uow.session, key)
        assert found is not None and found.id == link.id


def test_the_mail_says_nothing_of_the_usager(uow: UnitOfWork, town: Town, texts: None) -> None:
    reference = given.open_case(uow, town.book, contact_id=given.contact(uow))
    link = one_link(uow.session, ask_opinion(uow, reference, asking(uow)))
    case = case_by_id(uow.session, link.case_id)
    message = message_for(uow.session, Centre(), town.book.catalogue, case, link.purpose, link, uow.now)
    assert message is not None and message.recipient == ENGINEER
    whole = f"{message.subject} {message.body}"
    assert "Est-ce votre conduite ?" in whole and PLACE in whole
    assert not any(told in whole for told in ("Diallo", "aicha.diallo", reference))


@pytest.mark.parametrize(
    ("told", "field", "why"),
    [
        ({"email": "pas une adresse"}, "email", "email"),
        ({"email": ""}, "email", "required"),
        ({"organization": " "}, "organization", "required"),
        ({"question": ""}, "question", "required"),
        ({"question": "x" * 4001}, "question", "too_long"),
        ({"files": ("un-fichier-d-une-autre-demande",)}, "files", "unknown"),
    ],
)
def test_what_cannot_be_asked(
    uow: UnitOfWork, town: Town, told: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        asked(uow, town, **told)
    assert refusal.value.fields == {field: why}


def test_not_for_yesterday_nor_in_years(uow: UnitOfWork, town: Town, clock: FrozenClock) -> None:
    for days, why in ((-1, "past"), (400, "too_far_away")):
        with pytest.raises(Invalid) as refusal:
            asked(uow, town, due_on=(clock.at + timedelta(days=days)).date())
        assert refusal.value.fields == {"due_on": why}


def test_a_closed_case_is_shown_to_nobody_and_its_links_are_over(uow: UnitOfWork, town: Town) -> None:
    link = asked(uow, town)
    reference = link.case.reference
    act(uow, town.book, reference, "resolve")
    act(uow, town.book, reference, "close")
    assert one_link(uow.session, link.id).standing(uow.now) is Standing.OVER
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.GIVEN)
    with pytest.raises(IllegalStep):
        ask_opinion(uow, reference, asking(uow))


def test_withdrawn_it_opens_nothing_and_is_withdrawn_once(uow: UnitOfWork, town: Town) -> None:
    link = asked(uow, town)
    revoke_link(uow, link.case.reference, link.id)
    uow.session.flush()
    assert one_link(uow.session, link.id).standing(uow.now) is Standing.OVER
    with pytest.raises(NotFound):
        revoke_link(uow, link.case.reference, link.id)


def test_a_link_is_withdrawn_from_its_own_case_alone(uow: UnitOfWork, town: Town) -> None:
    link, other = asked(uow, town), asked(uow, town)
    with pytest.raises(NotFound):
        revoke_link(uow, other.case.reference, link.id)


def test_nobody_answers_in_the_place_of_another_link(uow: UnitOfWork, town: Town) -> None:
    mine, theirs = asked(uow, town), asked(uow, town)
    uow.actor = holder(mine)
    with pytest.raises(NotFound):
        said = Said(answer=Answer.GIVEN, name="Quelqu’un", text="Rien à voir.")
        answer_link(uow, town.book, theirs.id, said)


@pytest.mark.parametrize("answer", [Answer.TAKEN, Answer.REFUSED, Answer.DONE, Answer.PLANNED])
def test_an_opinion_is_given_and_nothing_else(uow: UnitOfWork, town: Town, answer: Answer) -> None:
    with pytest.raises(NotFound):
        answers(uow, town, asked(uow, town), answer)


def test_who_does_not_reach_the_case_asks_nobody(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    for actor, refusal in (
        (given.actor("team_lead", unit=town.lighting), NotFound),
        (given.actor("field_agent", unit=town.roads), NotAllowed),
        (given.actor("config_admin"), NotFound),
    ):
        uow.actor = actor
        with pytest.raises(refusal):
            ask_opinion(uow, reference, asking(uow))
