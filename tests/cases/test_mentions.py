"""A note that names somebody reaches them, if they may read the case; who follows finds what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import (
    addressees,
    mentions_of,
    note_to,
    one_case,
    seen_by_me,
    unwatch_case,
    watch_case,
    watched_by,
)
from crm.foundation import SYSTEM, Actor, FrozenClock, UnitOfWork, Units
from crm.staff import Agent, RoleGrant, actor_of, create_account
from tests import given
from tests.given import NEIGHBOUR


@dataclass(frozen=True)
class People:
    reference: str
    advisor: Actor
    lead: Actor
    stranger: Actor


def _account(uow: UnitOfWork, first: str, last: str, role: str, **where: str | None) -> Actor:
    email = f"{first}.{last}@rivebois.example".lower().replace(" ", "-").replace("é", "e").replace("è", "e")
    given.organization(uow)
    create_account(
        uow,
        email=email,
        password=given.PASSWORD,
        first_name=first,
        last_name=last,
        organization_code="metropole",
        grants=[RoleGrant(role, unit_code=where.get("unit"), insee=where.get("insee"))],
        unit_code=where.get("unit"),
    )
    found = actor_of(uow.session, uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one())
    assert found is not None
    return found


@pytest.fixture
def people(units: Units) -> People:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        return People(
            given.open_case(uow, town.book),
            _account(uow, "Zoé", "Lefèvre", "advisor"),
            _account(uow, "Jean", "Le Goff", "team_lead", unit="voirie"),
            _account(uow, "Rose", "Lopez", "desk_agent", insee=NEIGHBOUR),
        )


def _told(units: Units, by: Actor, reference: str, text: str) -> tuple[str, ...]:
    with units.begin(by) as uow:
        return note_to(uow, reference, text).told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@Jean Le Goff peux-tu passer ?", ("Jean Le Goff",)),
        ("voir @jean le goff, merci", ("Jean Le Goff",)),
        ("@zoe lefevre et @Jean Le Goff", ("Zoé Lefèvre", "Jean Le Goff")),
        ("@Service voirie : urgent", ("Service voirie",)),
        ("@Rose Lopez", ()),  # she cannot read this case: naming her does nothing
        ("@Jean", ()),
        ("écrire à jean@le goff.example", ()),
        ("rien", ()),
    ],
)
def test_whom_a_note_names(units: Units, people: People, text: str, told: tuple[str, ...]) -> None:
    assert _told(units, _boss(), people.reference, text) == told


def _boss() -> Actor:
    return given.actor("supervisor", id=9_999)


def test_nobody_is_proposed_who_cannot_read_it(units: Units, people: People) -> None:
    with units.begin(SYSTEM) as uow:
        known = {one.name for one in addressees(uow.session, one_case(uow.session, SYSTEM, people.reference))}
    assert {"Jean Le Goff", "Zoé Lefèvre", "Service voirie"} <= known
    assert not {"Rose Lopez", "Service eclairage"} & known


def test_whoever_is_on_call_for_its_service_is_proposed_meanwhile(units: Units, people: People) -> None:
    with units.begin(SYSTEM) as uow:
        reached = one_case(uow.session, SYSTEM, people.reference)
        called = _account(uow, "Paul", "Nuit", "team_lead", unit="eclairage")
        assert "Paul Nuit" not in {one.name for one in addressees(uow.session, reached)}
        uow.session.execute(
            sa.text(
                "INSERT INTO on_call_shifts (unit_id, agent_id, starts_at, ends_at, phone)"
                " VALUES (:unit, :agent, now() - interval '1 hour', now() + interval '1 hour', '')"
            ),
            {"unit": reached.unit_id, "agent": called.id},
        )
        assert "Paul Nuit" in {one.name for one in addressees(uow.session, reached)}


def test_it_waits_for_whom_it_names_until_they_have_seen_it(units: Units, people: People) -> None:
    _told(units, people.advisor, people.reference, "@Jean Le Goff, à voir avant midi")
    with units.begin(people.lead) as uow:
        (mention,) = mentions_of(uow.session, people.lead)
        assert (mention.reference, mention.by_id, mention.seen_at) == (
            people.reference,
            people.advisor.id,
            None,
        )
        seen_by_me(uow, mention.id - 1, uow.now)
        assert mentions_of(uow.session, people.lead) == [mention], "it came since"
        seen_by_me(uow, mention.id, uow.now)
        assert mentions_of(uow.session, people.lead)[0].seen_at is not None
        assert mentions_of(uow.session, people.advisor) == []


def test_who_follows_finds_what_is_new(units: Units, people: People, clock: FrozenClock) -> None:
    with units.begin(people.advisor) as uow:
        for _twice in range(2):
            watch_case(uow, people.reference)
        assert [one.is_new for one in watched_by(uow.session, people.advisor)] == [False]
    clock.at += timedelta(hours=1)
    with units.begin(people.lead) as uow:
        given.act(uow, given.rulebook(uow), people.reference, "accept")
    with units.begin(people.advisor) as uow:
        assert [one.is_new for one in watched_by(uow.session, people.advisor)] == [True]
        seen_by_me(uow, 0, uow.now - timedelta(minutes=90))
        assert [one.is_new for one in watched_by(uow.session, people.advisor)] == [True], "it came since"
        seen_by_me(uow, 0, uow.now)
        assert [one.is_new for one in watched_by(uow.session, people.advisor)] == [False]
        unwatch_case(uow, people.reference)
        assert watched_by(uow.session, people.advisor) == []
