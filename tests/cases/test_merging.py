"""Two demands are one problem: the second ends there, its people follow the first, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import (
    Case,
    CaseState,
    Following,
    Merging,
    contest_case,
    declare_incident,
    follow_case,
    followers,
    incident_of,
    merge_case,
    propose_incident,
    unmerge_case,
)
from crm.foundation import SYSTEM, Conflict, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork, Units
from tests import given
from tests.acting import version
from tests.given import TOWN, Town


def _case(uow: UnitOfWork, reference: str) -> Case:
    uow.session.flush()
    uow.session.expire_all()
    return uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()


def _asked(uow: UnitOfWork, town: Town, n: int, state: CaseState = CaseState.ASSIGNED) -> str:
    who = given.contact(uow, family_name=f"Lopez{n}", email=f"lopez{n}@exemple.fr", phone="")
    return given.open_case(uow, town.book, state, contact_id=who, answer_channel="email")


def _merge(uow: UnitOfWork, reference: str, original: str, *, checked: bool = True) -> None:
    merging = Merging(original=original, checked=checked)
    merge_case(uow, reference, merging=merging, seen_version=version(uow, reference))
    uow.session.flush()


def _people(uow: UnitOfWork, reference: str) -> list[tuple[int | None, str]]:
    return [(one.contact_id, one.answer_channel) for one in followers(uow.session, _case(uow, reference).id)]


@pytest.fixture
def two(uow: UnitOfWork, town: Town) -> tuple[str, str]:
    return _asked(uow, town, 1), _asked(uow, town, 2)


def test_the_duplicate_ends_with_a_link_and_its_author_follows(uow: UnitOfWork, two: tuple[str, str]) -> None:
    original, duplicate = two
    _merge(uow, duplicate, original)
    case, kept = _case(uow, duplicate), _case(uow, original)
    assert (case.state, case.outcome, case.duplicate_of_id) == ("closed", "D", kept.id)
    assert (kept.state, kept.follower_count) == ("assigned", 1)
    assert _people(uow, original) == [(case.contact_id, "email")]


def test_nobody_merges_without_having_compared(uow: UnitOfWork, two: tuple[str, str]) -> None:
    original, duplicate = two
    with pytest.raises(Invalid) as refusal:
        _merge(uow, duplicate, original, checked=False)
    assert refusal.value.fields == {"checked": "compare_first"}


def test_what_cannot_be_the_original(uow: UnitOfWork, town: Town, two: tuple[str, str]) -> None:
    original, duplicate = two
    with pytest.raises(Invalid):
        _merge(uow, duplicate, duplicate)
    with pytest.raises(Invalid):
        _merge(uow, duplicate, _asked(uow, town, 3, CaseState.CANCELLED))
    _merge(uow, duplicate, original)
    third = _asked(uow, town, 4)
    with pytest.raises(Invalid):
        _merge(uow, third, duplicate)
    with pytest.raises(Invalid):
        _merge(uow, original, third)
    with pytest.raises(IllegalStep):
        _merge(uow, duplicate, third)


def test_undone_everything_is_as_before(uow: UnitOfWork, town: Town, two: tuple[str, str]) -> None:
    original, duplicate = two
    who = given.contact(uow, family_name="Rose", email="rose@exemple.fr", phone="")
    new = Following(key="k", channel="desk", contact_id=who, answer_channel="email")
    follow_case(uow, duplicate, new)
    before, promised = _people(uow, duplicate), _case(uow, duplicate).due_at
    _merge(uow, duplicate, original)
    assert len(_people(uow, original)) == 2 and _people(uow, duplicate) == []
    unmerge_case(uow, duplicate, seen_version=version(uow, duplicate))
    case = _case(uow, duplicate)
    assert (case.state, case.outcome, case.duplicate_of_id, case.due_at) == ("assigned", None, None, promised)
    assert (_people(uow, duplicate), _people(uow, original)) == (before, [])
    assert (case.follower_count, _case(uow, original).follower_count) == (1, 0)
    _merge(uow, duplicate, original)
    assert len(_people(uow, original)) == 2


def test_what_was_not_merged_cannot_be_taken_apart(uow: UnitOfWork, two: tuple[str, str], town: Town) -> None:
    closed = _asked(uow, town, 3, CaseState.CLOSED)
    with pytest.raises(IllegalStep):
        unmerge_case(uow, closed, seen_version=version(uow, closed))


def test_an_author_who_contests_has_their_own_demand_again(
    uow: UnitOfWork, town: Town, two: tuple[str, str]
) -> None:
    original, duplicate = two
    _merge(uow, duplicate, original)
    contest_case(uow, town.book, duplicate)
    case = _case(uow, duplicate)
    assert (case.state, case.duplicate_of_id) == ("assigned", None)
    assert _people(uow, original) == []


def test_who_asked_twice_is_told_once(uow: UnitOfWork, town: Town) -> None:
    who = given.contact(uow)
    one, other = (given.open_case(uow, town.book, contact_id=who, answer_channel="email") for _ in range(2))
    _merge(uow, other, one)
    assert _people(uow, one) == []


def test_a_follower_of_a_duplicate_follows_the_original(uow: UnitOfWork, two: tuple[str, str]) -> None:
    original, duplicate = two
    _merge(uow, duplicate, original)
    told = follow_case(uow, duplicate, Following(key="k", channel="desk"))
    assert told.reference == original and _case(uow, original).follower_count == 2


def test_so_many_duplicates_in_little_time_propose_an_incident(uow: UnitOfWork, town: Town) -> None:
    original, *others = (_asked(uow, town, n) for n in range(6))
    for other in others:
        assert incident_of(uow.session, _case(uow, original).id) is None
        _merge(uow, other, original)
    assert incident_of(uow.session, _case(uow, original).id) is not None


def test_what_came_over_days_proposes_none(uow: UnitOfWork, town: Town) -> None:
    original = _asked(uow, town, 0)
    for n in range(1, 7):
        told = {
            "contact_id": given.contact(uow, email=f"p{n}@exemple.fr"),
            "received_at": uow.now - timedelta(days=n),
        }
        _merge(uow, given.open_case(uow, town.book, **told), original)
    assert incident_of(uow.session, _case(uow, original).id) is None


def test_the_incident_of_a_duplicate_goes_on(uow: UnitOfWork, town: Town, two: tuple[str, str]) -> None:
    original, duplicate = two
    until = uow.now + timedelta(hours=4)
    declare_incident(uow, duplicate, announcement="L’eau revient à 18 h.", valid_until=until)
    _merge(uow, duplicate, original)
    moved = incident_of(uow.session, _case(uow, original).id)
    assert moved is not None and moved.announcement == "L’eau revient à 18 h."
    assert incident_of(uow.session, _case(uow, duplicate).id) is None
    third = _asked(uow, town, 3)
    propose_incident(uow, third, "Trois appels.")
    _merge(uow, third, original)
    assert incident_of(uow.session, _case(uow, third).id) is None, "that one has its own"
    assert incident_of(uow.session, _case(uow, original).id) == moved


def test_two_agents_at_once(uow: UnitOfWork, two: tuple[str, str]) -> None:
    original, duplicate = two
    with pytest.raises(Conflict):
        merging = Merging(original=original, checked=True)
        merge_case(uow, duplicate, merging=merging, seen_version=99)


def test_merging_is_for_who_may_close(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        original, duplicate = _asked(setting, town, 1), _asked(setting, town, 2)
    refusals = {
        NotAllowed: [
            given.actor("team_lead", unit=town.roads),
            given.actor("field_agent", unit=town.roads),
            given.actor("desk_agent", insee=TOWN),  # a metropolitan service is competent
        ],
        NotFound: [given.actor("team_lead", unit=town.lighting), given.actor("config_admin")],
    }
    for refusal, actors in refusals.items():
        for who in actors:
            with units.begin(who) as uow, pytest.raises(refusal):
                _merge(uow, duplicate, original)
    with units.begin(given.actor("supervisor")) as uow:
        _merge(uow, duplicate, original)
