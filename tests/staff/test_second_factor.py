"""A password alone is not enough: codes, keys, what replaces them, and what a thief of passwords can do."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from crm.foundation import (
    RESIDENT,
    SYSTEM,
    EventRow,
    FrozenClock,
    Invalid,
    NotAllowed,
    NotFound,
    Units,
)
from crm.staff import MAX_FAILURES, Agent, LoggedIn, authenticate, end_sessions
from crm.staff.factors import (
    Seal,
    add_application,
    add_key,
    enrolled,
    factors_of,
    offer_application,
    offer_key,
    offered_again,
    renew_recovery_codes,
    reset_second_factor,
    withdraw_application,
)
from crm.staff.factors.models import SecondFactor
from tests.staff.half_way import (
    BOUND,
    EMAIL,
    PASSWORD,
    SEAL,
    SITE,
    account,
    at_work,
    give_code,
    give_password,
    half_way,
)
from tests.staff.organizations import two_organizations


@pytest.fixture
def agent_id(units: Units) -> int:
    with units.begin(SYSTEM) as uow:
        two_organizations(uow)
        return account(uow, EMAIL)


@pytest.fixture
def secret(units: Units, agent_id: int, clock: FrozenClock) -> str:
    """Inès made her application at the door; the code of then has served."""
    who = half_way(units)
    with units.begin(RESIDENT) as uow:
        offered = offer_application(uow, SEAL, "Rivebois", halfway=who)
        code = pyotp.TOTP(offered.secret).at(clock.at)
        assert len(add_application(uow, SEAL, offered.sealed, code, halfway=who)) == 10
        assert enrolled(uow, who).due == ""
    clock.at += timedelta(minutes=5)
    return offered.secret


def test_a_bound_role_enrols_once_then_shows_a_code_each_time(
    units: Units, agent_id: int, clock: FrozenClock, request: pytest.FixtureRequest
) -> None:
    assert give_password(units).due == "enrol"
    secret = request.getfixturevalue("secret")
    who = half_way(units)
    assert give_password(units).due == "prove"
    assert give_code(units, who, "000000") is None and give_code(units, who, "") is None
    code = pyotp.TOTP(secret).at(clock.at)
    let_in = give_code(units, who, f" {code[:3]} {code[3:]}")
    assert let_in == LoggedIn(agent_id, 0, "fr")


def test_who_need_not_and_has_none_enters_by_the_password(units: Units, agent_id: int) -> None:
    with units.begin(RESIDENT) as uow:
        assert authenticate(uow, EMAIL, PASSWORD, {"config_admin"}) == LoggedIn(agent_id, 0, "fr")


def test_a_code_serves_once_and_the_one_before_it_no_more(
    units: Units, secret: str, clock: FrozenClock
) -> None:
    who, code_at = half_way(units), pyotp.TOTP(secret).at
    assert give_code(units, who, code_at(clock.at)) is not None
    assert give_code(units, who, code_at(clock.at)) is None, "seen over a shoulder"
    assert give_code(units, who, code_at(clock.at - timedelta(seconds=30))) is None
    clock.at += timedelta(seconds=30)
    assert give_code(units, who, code_at(clock.at)) is not None
    clock.at += timedelta(minutes=2)
    assert give_code(units, who, code_at(clock.at - timedelta(seconds=61))) is None, "too old"


def test_giving_the_password_again_does_not_wipe_out_wrong_codes(
    units: Units, secret: str, agent_id: int, clock: FrozenClock
) -> None:
    for _ in range(MAX_FAILURES):
        assert give_code(units, half_way(units), "000000") is None
    with units.begin(RESIDENT) as uow:
        assert authenticate(uow, EMAIL, PASSWORD, BOUND) is None, "locked, for the password too"
    clock.at += timedelta(minutes=16)
    who = half_way(units)
    assert give_code(units, who, pyotp.TOTP(secret).at(clock.at)) is not None


def test_nobody_is_logged_in_before_the_second_step(units: Units, secret: str, agent_id: int) -> None:
    def kinds() -> list[str]:
        told = sa.select(EventRow.kind).where(EventRow.subject_id == agent_id).order_by(EventRow.id)
        with units.reading() as session:
            return list(session.scalars(told.where(EventRow.subject_kind == "agent")))

    before = kinds()
    assert "agent.factor_added" in before and "agent.recovery_codes_made" in before
    give_password(units)
    assert kinds() == before


def test_whoever_knows_only_the_password_makes_no_factor_of_their_own(
    units: Units, secret: str, clock: FrozenClock
) -> None:
    who = half_way(units)
    sealed = SEAL.close(who.agent_id, secret, clock.at)
    for wanted in (
        lambda uow: offer_application(uow, SEAL, "x", halfway=who),
        lambda uow: offer_key(uow, SITE, halfway=who),
        lambda uow: add_application(uow, SEAL, sealed, "000000", halfway=who),
        lambda uow: add_key(uow, SITE, "à moi", "{}", halfway=who),
    ):
        with pytest.raises(NotAllowed), units.begin(RESIDENT) as uow:
            wanted(uow)


def test_recovery_codes_serve_once_each_and_are_replaced_together(
    units: Units, agent_id: int, secret: str
) -> None:
    with units.begin(at_work(agent_id)) as uow:
        codes = renew_recovery_codes(uow, PASSWORD)
    who = half_way(units)
    assert len(set(codes)) == 10
    assert give_code(units, who, codes[3].upper().replace("-", " ")) is not None
    assert give_code(units, who, codes[3]) is None
    with units.reading() as session:
        assert factors_of(session, agent_id).codes_left == 9
    with units.begin(at_work(agent_id)) as uow:
        renew_recovery_codes(uow, PASSWORD)
    assert give_code(units, who, codes[4]) is None


def test_the_database_alone_opens_nothing(units: Units, agent_id: int, secret: str) -> None:
    with units.begin(SYSTEM) as uow:
        kept = uow.session.scalars(sa.select(SecondFactor.secret)).one()
        other = account(uow, "autre@rivebois.example")
    assert kept is not None and secret not in kept
    assert SEAL.open(agent_id, kept) == secret
    assert SEAL.open(other, kept) is None, "copied beside another's name"
    assert Seal("another secret key").open(agent_id, kept) is None


def test_ending_the_sessions_ends_what_was_half_way(units: Units, agent_id: int, secret: str) -> None:
    who = half_way(units)
    with units.begin(at_work(agent_id)) as uow:
        end_sessions(uow)
    with pytest.raises(NotFound):
        give_code(units, who, "000000")


def test_an_open_screen_alone_changes_nothing(units: Units, agent_id: int, secret: str) -> None:
    for wanted in (
        lambda uow: offer_application(uow, SEAL, "x", password="pas celui-là"),
        lambda uow: offer_key(uow, SITE, password=""),
        lambda uow: renew_recovery_codes(uow, "pas celui-là"),
        lambda uow: withdraw_application(uow, "pas celui-là", ()),
    ):
        with pytest.raises(Invalid) as refusal, units.begin(at_work(agent_id)) as uow:
            wanted(uow)
        assert refusal.value.fields == {"password": "wrong_password"}


def test_the_last_factor_of_a_bound_role_stays(units: Units, agent_id: int, secret: str) -> None:
    with pytest.raises(Invalid) as refusal, units.begin(at_work(agent_id)) as uow:
        withdraw_application(uow, PASSWORD, BOUND)
    assert refusal.value.fields == {"password": "last_factor"}
    with units.begin(at_work(agent_id)) as uow:
        withdraw_application(uow, PASSWORD, ())
    assert give_password(units).due == "enrol"
    with units.reading() as session:
        assert factors_of(session, agent_id).codes_left == 0, "printed long ago, and perhaps lost"


def test_a_square_shown_long_ago_adds_nothing_and_mistakes_do_not_make_it_young(
    units: Units, agent_id: int, secret: str, clock: FrozenClock
) -> None:
    me = at_work(agent_id)
    with units.begin(me) as uow:
        offered = offer_application(uow, SEAL, "x", password=PASSWORD)
    clock.at += timedelta(minutes=9)
    with units.begin(me) as uow:
        again = offered_again(uow, SEAL, "x", offered.sealed)
    clock.at += timedelta(minutes=2)
    code = pyotp.TOTP(offered.secret).at(clock.at)
    for sealed in (offered.sealed, again.sealed):
        with pytest.raises(Invalid) as refusal, units.begin(me) as uow:
            add_application(uow, SEAL, sealed, code)
        assert refusal.value.fields == {"password": "offered_long_ago"}
    who = half_way(units)
    assert give_code(units, who, pyotp.TOTP(secret).at(clock.at)) is not None, "one that is kept ages not"


def test_somebody_else_takes_a_lost_factor_away_and_says_why(
    units: Units, agent_id: int, secret: str
) -> None:
    with units.begin(SYSTEM) as uow:
        other = account(uow, "autre@rivebois.example")
    for actor, motive in ((at_work(agent_id), "lost"), (RESIDENT, "lost")):
        with pytest.raises(NotAllowed), units.begin(actor) as uow:
            reset_second_factor(uow, agent_id, motive)
    for motive, wrong in (("", "motive"), ("because", "motive"), ("other", "words")):
        with pytest.raises(Invalid) as refusal, units.begin(at_work(other)) as uow:
            reset_second_factor(uow, agent_id, motive)
        assert wrong in refusal.value.fields
    with units.begin(at_work(other)) as uow:
        reset_second_factor(uow, agent_id, "lost", "Téléphone tombé à l’eau")
    assert give_password(units).due == "enrol"
    with units.reading() as session:
        assert not factors_of(session, agent_id).has_any
        assert session.scalars(sa.select(Agent.session_epoch).where(Agent.id == agent_id)).one() == 1
        fact = sa.select(EventRow.data).where(EventRow.kind == "agent.second_factor_reset")
        assert session.scalars(fact).one() == {"motive": "lost"}
