"""Whatever arrives becomes one case, dated from the day it was received, with somebody or a reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import AlreadyRegistered, Case
from crm.contacts import NewContact
from crm.foundation import (
    RESIDENT,
    SYSTEM,
    EventRow,
    FrozenClock,
    Invalid,
    NotAllowed,
    UnitOfWork,
    Units,
    session_factory,
)
from crm.intake import PlaceGiven, register_demand
from crm.interactions import exchanges
from crm.reactions import REACTIONS
from tests import given
from tests.given import Town
from tests.intake.arriving import arrives, demand, kept
from tests.own_database import create_database
from tests.servers import Servers
from tests.waiting import at_once


def test_the_same_form_sent_twice_is_one_case(uow: UnitOfWork, town: Town) -> None:
    form = demand()
    first, again = (register_demand(uow, town.book, form) for _ in range(2))
    assert (first.reference, first.public_token) == (again.reference, again.public_token)
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    uow.write_events()
    kinds = list(uow.session.scalars(sa.select(EventRow.kind)))
    assert kinds.count("case.opened") == 1


def test_two_tabs_at_the_very_same_moment_make_one_case(servers: Servers, clock: FrozenClock) -> None:
    engine = sa.create_engine(
        sa.make_url(create_database(servers.database_url, "two_tabs")).set(drivername="postgresql+psycopg")
    )
    units = Units(session_factory(engine), clock, REACTIONS)
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
    form = demand()

    def send(_tab: int) -> str:
        for _try in range(2):  # as the page does
            with suppress(AlreadyRegistered), units.begin(RESIDENT) as uow:
                return register_demand(uow, town.book, form).reference
        return ""

    made = at_once(send, *range(4))
    with units.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    assert "" not in made and len(set(made)) == 1
    engine.dispose()


def test_a_letter_of_five_days_ago_is_due_from_the_day_it_came(uow: UnitOfWork, town: Town) -> None:
    today = arrives(uow, town.book)
    letter = arrives(uow, town.book, channel="letter", received_at=uow.now - timedelta(days=5))
    assert today.announced_due_at and letter.announced_due_at
    assert letter.announced_due_at < today.announced_due_at
    case = kept(uow, letter)
    assert (case.received_at, case.created_at) == (uow.now - timedelta(days=5), uow.now)
    assert exchanges(uow.session, case.id)[0].occurred_at == case.received_at


@pytest.mark.parametrize(("days", "reason"), [(1, "future"), (-731, "too_old"), (-36_500, "too_old")])
def test_an_absurd_date_is_refused(uow: UnitOfWork, town: Town, days: int, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        arrives(uow, town.book, received_at=uow.now + timedelta(days=days))
    assert refusal.value.fields == {"received_on": reason}


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(uow: UnitOfWork, town: Town) -> None:
    with pytest.raises(Invalid) as refusal:
        arrives(uow, town.book, object=" ", category_code="RIEN", answer_channel="email")
    assert refusal.value.fields.keys() == {"object", "category", "answer_channel"}
    assert uow.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


def test_who_wants_an_answer_leaves_the_means(uow: UnitOfWork, town: Town) -> None:
    with pytest.raises(Invalid) as refusal:
        arrives(uow, town.book, contact=NewContact(family_name="Diallo"), answer_channel="sms")
    assert refusal.value.fields == {"answer_channel": "no_way_to_answer"}
    done = arrives(uow, town.book, contact=NewContact(phone="06 39 98 00 01"), answer_channel="sms")
    assert kept(uow, done).answer_channel == "sms"


def test_an_anonymous_demand_waits_for_no_answer(uow: UnitOfWork, town: Town) -> None:
    case = kept(uow, arrives(uow, town.book, answer_channel="none"))
    assert (case.contact_id, case.answer_channel, case.state) == (None, "none", "assigned")


def test_a_field_agent_does_not_open_cases(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
    with units.begin(given.actor("field_agent", unit=town.roads)) as uow, pytest.raises(NotAllowed):
        arrives(uow, town.book)


def test_the_answers_of_the_category_are_checked(uow: UnitOfWork, town: Town) -> None:
    given.question(uow, "VOIR-01", "width", "number")
    book = given.rulebook(uow)
    with pytest.raises(Invalid) as refusal:
        arrives(uow, book, answers={"width": "large"})
    assert set(refusal.value.fields.values()) == {"not_a_number"}
    assert kept(uow, arrives(uow, book, answers={"width": "30"})).answers == {"width": "30"}


def test_a_desk_signs_what_it_creates(uow: UnitOfWork, town: Town) -> None:
    elsewhere = PlaceGiven(insee=given.NEIGHBOUR)
    case = kept(uow, arrives(uow, town.book, channel="desk", origin_insee=given.TOWN, place=elsewhere))
    assert (case.insee, case.origin_insee) == (given.NEIGHBOUR, given.TOWN)
