"""« Moi aussi »: attached once, counted once, and many in little time look like an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import (
    Case,
    CaseState,
    Following,
    declare_incident,
    end_incident,
    follow_case,
    follower_contests,
    followers,
    incident_of,
    unfollow_case,
)
from crm.foundation import SYSTEM, EventRow, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork, Units
from tests import given
from tests.given import NEIGHBOUR, TOWN, Town


def _case(uow: UnitOfWork, reference: str) -> Case:
    uow.session.flush()
    uow.session.expire_all()
    return uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()


def _kinds(uow: UnitOfWork) -> list[str]:
    uow.write_events()
    return list(uow.session.scalars(sa.select(EventRow.kind).order_by(EventRow.id)))


def _me_too(uow: UnitOfWork, n: int) -> Following:
    who = given.contact(uow, family_name=f"Lopez{n}", email=f"lopez{n}@exemple.fr", phone="")
    return Following(key=f"k{n}", channel="phone", contact_id=who, answer_channel="email")


def test_following_does_not_void_the_page_that_another_agent_has_open(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    before = _case(uow, reference).version
    follow_case(uow, reference, _me_too(uow, 1))
    case = _case(uow, reference)
    assert (case.version, case.follower_count) == (before, 1)


def test_the_same_form_or_the_same_usager_twice_is_one_follower(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    new = _me_too(uow, 1)
    first = follow_case(uow, reference, new)
    for again in (new, Following(key="other", channel="desk", contact_id=new.contact_id)):
        told = follow_case(uow, reference, again)
        assert (told.token, told.is_new) == (first.token, False)
    assert _case(uow, reference).follower_count == 1
    assert _kinds(uow).count("case.followed") == 1


def test_the_requester_does_not_follow_their_own_demand(uow: UnitOfWork, town: Town) -> None:
    who = given.contact(uow)
    reference = given.open_case(uow, town.book, contact_id=who)
    told = follow_case(uow, reference, Following(key="k", channel="phone", contact_id=who))
    assert told.token == _case(uow, reference).public_token
    assert _case(uow, reference).follower_count == 0


def test_without_a_name_one_is_counted_and_not_told(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    follow_case(uow, reference, Following(key="k", channel="desk", answer_channel="email"))
    case = _case(uow, reference)
    assert case.follower_count == 1 and followers(uow.session, case.id, told_only=True) == []


def test_tokens_are_long_and_never_the_same(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    tokens = {follow_case(uow, reference, _me_too(uow, n)).token for n in range(4)}
    assert len(tokens) == 4 and all(len(token) >= 32 for token in tokens)


def test_a_cancelled_case_has_no_followers(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.CANCELLED)
    with pytest.raises(IllegalStep):
        follow_case(uow, reference, _me_too(uow, 1))


def test_five_in_an_hour_look_like_an_incident_once(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    for n in range(4):
        follow_case(uow, reference, _me_too(uow, n))
    assert incident_of(uow.session, _case(uow, reference).id) is None
    for n in range(4, 8):
        follow_case(uow, reference, _me_too(uow, n))
    assert incident_of(uow.session, _case(uow, reference).id) is not None
    assert _kinds(uow).count("incident.suspected") == 1


def test_an_incident_is_declared_by_who_may_and_ends(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book)
    until = setting.now + timedelta(hours=4)
    for who in (given.actor("advisor"), given.actor("desk_agent", insee=TOWN)):
        with units.begin(who) as uow, pytest.raises(NotAllowed):
            declare_incident(uow, reference, announcement="Fuite connue", valid_until=until)
    with units.begin(given.actor("team_lead", unit=town.lighting)) as uow, pytest.raises(NotFound):
        declare_incident(uow, reference, announcement="Fuite connue", valid_until=until)
    with units.begin(given.actor("supervisor")) as uow:
        declare_incident(uow, reference, announcement="Fuite connue", valid_until=until)
        card = incident_of(uow.session, _case(uow, reference).id)
        assert card and card.holds(uow.now) and not card.holds(until)
    with units.begin(given.actor("team_lead", unit=town.roads)) as uow:
        end_incident(uow, reference)
        assert incident_of(uow.session, _case(uow, reference).id) is None
        with pytest.raises(NotFound):
            end_incident(uow, reference)


@pytest.mark.parametrize(("text", "hours", "field"), [("", 4, "announcement"), ("Fuite", -1, "valid_until")])
def test_an_announcement_says_something_and_ends_later(
    uow: UnitOfWork, town: Town, text: str, hours: int, field: str
) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid) as refusal:
        declare_incident(uow, reference, announcement=text, valid_until=uow.now + timedelta(hours=hours))
    assert list(refusal.value.fields) == [field]


def test_only_within_reach(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book)
    new = Following(key="k", channel="phone")
    strangers = (given.actor("desk_agent", insee=NEIGHBOUR), given.actor("team_lead", unit=town.lighting))
    for stranger in strangers:
        with units.begin(stranger) as uow, pytest.raises(NotFound):
            follow_case(uow, reference, new)
    with units.begin(given.actor("field_agent", unit=town.roads)) as uow, pytest.raises(NotAllowed):
        follow_case(uow, reference, new)
    for n, who in enumerate((given.actor("advisor"), given.actor("desk_agent", insee=TOWN))):
        with units.begin(who) as uow:
            assert follow_case(uow, reference, Following(key=f"k{n}", channel="phone")).is_new


def test_leaving_and_coming_back(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    new = _me_too(uow, 1)
    unfollow_case(uow, follow_case(uow, reference, new).token)
    assert _case(uow, reference).follower_count == 0
    again = Following(key="k2", channel="web", contact_id=new.contact_id, answer_channel="email")
    assert follow_case(uow, reference, again).is_new
    assert _case(uow, reference).follower_count == 1


def test_the_word_of_who_follows_reopens_and_keeps_the_first_promise(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.CLOSED)
    token = follow_case(uow, reference, _me_too(uow, 1)).token
    promised = _case(uow, reference).announced_due_at
    follower_contests(uow, town.book, token, "Toujours là")
    follower_contests(uow, town.book, token, "Toujours là, vraiment")
    case = _case(uow, reference)
    assert (case.state, case.reopen_count, case.announced_due_at) == ("assigned", 1, promised)
