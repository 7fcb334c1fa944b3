"""An answer from outside rings who asked; the usager is told when the body they were told of refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, Restriction, mentions_of, restrict_case, seen_by_me
from crm.cases.people.models import Mention
from crm.catalogue import load_catalogue
from crm.foundation import ROOT, SYSTEM, Actor, Delivery, FrozenClock, Settings, UnitOfWork, Units
from crm.guests import Answer, GuestSheet, Said, ask_opinion, guest_list, note_answer, one_link
from crm.interactions import Exchange, exchanges
from crm.knowledge import load_replies
from crm.knowledge.models import ReplyTemplateRow
from crm.promises.models import Notice
from crm.staff import Agent, actor_of
from crm.wiring import Wiring, wire
from tests import given
from tests.given import Town
from tests.guests.outside import answers, asking, referred
from tests.servers import Servers
from workers.jobs.run import do_deliveries


@pytest.fixture
def held(units: Units, servers: Servers, clock: FrozenClock) -> Iterator[Wiring]:
    """Workers' wiring on the rolled-back session of the test."""
    made = wire(Settings(database_url=servers.database_url, redis_url=servers.redis_url), clock=clock)
    yield replace(made, units=units)
    made.close()


@pytest.fixture
def town(held: Wiring) -> Town:
    with held.units.begin(SYSTEM) as uow:
        made = given.town(uow)
        load_catalogue(uow, ROOT / "config" / "catalogue")
        load_replies(uow, ROOT / "config" / "replies")
        return made


def _agent(uow: UnitOfWork, role: str = "advisor") -> Actor:
    email = given.agent(uow, role)
    found = actor_of(uow.session, uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one())
    assert found is not None
    return found


def _work(held: Wiring) -> None:
    with held.units.reading() as session:
        undone = sa.select(Delivery.id).where(Delivery.job != "send_message", Delivery.done_at.is_(None))
        ids = list(session.scalars(undone))
    do_deliveries(held, ids)


def _bells(held: Wiring, who: Actor) -> list[str]:
    with held.units.reading() as session:
        return list(session.scalars(sa.select(Notice.kind).where(Notice.agent_id == who.id)))


def _told(held: Wiring, case_id: int) -> list[Exchange]:
    with held.units.reading() as session:
        return [one for one in exchanges(session, case_id) if one.kind in {"reopened", "to_reach"}]


def _referred(uow: UnitOfWork, town: Town, **told: Any) -> GuestSheet:
    reference = given.open_case(uow, town.book, CaseState.REGISTERED, **told)
    return referred(uow, town, reference)


def test_an_opinion_that_is_given_rings_who_asked_and_stays_listed_until_it_is_seen(
    held: Wiring, town: Town
) -> None:
    with held.units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
        uow.actor = asker = _agent(uow)
        link = one_link(uow.session, ask_opinion(uow, reference, asking(uow)))
        answers(uow, town, link, Answer.GIVEN, text="C’est notre conduite.")
    _work(held)
    assert _bells(held, asker) == ["opinion_given"]
    with held.units.begin(asker) as uow:
        (mine,) = mentions_of(uow.session, asker)
        assert "C’est notre conduite." in mine.words and mine.seen_at is None
        assert [one.id for one in guest_list(uow.session, asker, "avis", uow.now)] == [link.id]
        seen_by_me(uow, mine.id, uow.now)
        assert guest_list(uow.session, asker, "avis", uow.now) == []


def test_an_answer_about_a_demand_restricted_since_is_for_those_who_read_it(held: Wiring, town: Town) -> None:
    with held.units.begin(SYSTEM) as uow:
        reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
        asker, boss = _agent(uow), _agent(uow, "supervisor")
        uow.actor = asker
        link = one_link(uow.session, ask_opinion(uow, reference, asking(uow)))
        uow.actor = boss
        restrict_case(uow, reference, Restriction(reason="grave", motive="Des coups."))
        answers(uow, town, link, Answer.GIVEN, text="C’est notre conduite.")
    _work(held)
    assert _bells(held, asker) == [] and _bells(held, boss) == ["opinion_given"]
    with held.units.reading() as session:
        assert session.scalars(sa.select(Mention.agent_id)).all() == [boss.id]


@pytest.mark.parametrize(("answer", "kind"), [(Answer.TAKEN, "answered"), (Answer.REFUSED, "refused")])
def test_a_body_that_answers_rings_who_transmitted(
    held: Wiring, town: Town, answer: Answer, kind: str
) -> None:
    with held.units.begin(SYSTEM) as uow:
        uow.actor = asker = _agent(uow)
        link = _referred(uow, town)
        answers(uow, town, link, answer)
    _work(held)
    assert _bells(held, asker) == [f"referral_{kind}"]


def test_who_notes_an_answer_is_not_told_of_it(held: Wiring, town: Town) -> None:
    with held.units.begin(SYSTEM) as uow:
        uow.actor = asker = _agent(uow)
        link = _referred(uow, town)
        said = Said(answer=Answer.TAKEN, name="Mme Roux, standard")
        note_answer(uow, town.book, link.case.reference, link.id, said)
    _work(held)
    assert _bells(held, asker) == []


@pytest.mark.parametrize(("channel", "state"), [("email", "queued"), ("phone", "to_call")])
def test_the_usager_is_told_that_the_body_refused(held: Wiring, town: Town, channel: str, state: str) -> None:
    with held.units.begin(SYSTEM) as uow:
        contact = given.contact(uow, phone="06 39 98 00 01")
        link = _referred(uow, town, contact_id=contact, answer_channel=channel)
        answers(uow, town, link, Answer.REFUSED)
    _work(held)
    (told,) = _told(held, link.case_id)
    assert (told.kind, told.channel, told.state) == ("reopened", channel, state)
    assert "Eaux de la Haute-Rive n’a pas pu la traiter" in told.body and "{" not in told.body


def test_without_a_text_somebody_has_it_to_say(held: Wiring, town: Town) -> None:
    with held.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.delete(ReplyTemplateRow).where(ReplyTemplateRow.message == "reopened"))
        contact = given.contact(uow)
        link = _referred(uow, town, contact_id=contact, answer_channel="email")
        answers(uow, town, link, Answer.REFUSED)
    _work(held)
    (told,) = _told(held, link.case_id)
    assert (told.kind, told.state) == ("to_reach", "to_call") and "Eaux de la Haute-Rive" in told.body
