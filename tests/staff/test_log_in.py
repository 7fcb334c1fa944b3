"""The way in: who is let in, who is not, and that nobody learns why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from crm.foundation import RESIDENT, SYSTEM, EventRow, FrozenClock, Invalid, NotAllowed, Units
from crm.staff import (
    LOCK_MINUTES,
    MAX_FAILURES,
    Agent,
    LoggedIn,
    RoleGrant,
    actor_for,
    authenticate,
    create_account,
    disable_account,
)
from crm.staff.passwords import is_right
from tests.staff.organizations import two_organizations

PASSWORD = "le marché de Noël"
EMAIL = "ines.costa@rivebois.example"


@pytest.fixture
def agent_id(units: Units) -> int:
    with units.begin(SYSTEM) as uow:
        two_organizations(uow)
        return create_account(
            uow,
            email="Ines.Costa@Rivebois.example",
            password=PASSWORD,
            first_name="Inès",
            last_name="Costa",
            organization_code="metropole",
            grants=[RoleGrant("advisor")],
        )


def _try(units: Units, password: str, email: str = EMAIL) -> LoggedIn | None:
    with units.begin(RESIDENT) as uow:
        return authenticate(uow, email, password)


def _kinds(units: Units, agent_id: int) -> list[str]:
    facts = sa.select(EventRow.kind).where(EventRow.subject_kind == "agent", EventRow.subject_id == agent_id)
    with units.reading() as session:
        return list(session.scalars(facts.order_by(EventRow.id)))


def test_the_right_password_lets_in_whatever_the_case_of_the_address(units: Units, agent_id: int) -> None:
    assert _try(units, PASSWORD, "  INES.COSTA@rivebois.example ") == LoggedIn(agent_id, 0, "fr")
    decomposed = PASSWORD.replace("é", "e\u0301").replace("ë", "e\u0308")  # typed on another keyboard
    assert _try(units, decomposed) is not None
    assert _kinds(units, agent_id) == ["agent.created", "agent.logged_in", "agent.logged_in"]


def test_unknown_wrong_disabled_and_locked_get_the_same_answer(units: Units, agent_id: int) -> None:
    assert _try(units, PASSWORD, "nobody@rivebois.example") is None
    assert _try(units, "un autre mot de passe") is None
    assert _try(units, "x" * 300_000) is None
    assert _try(units, "\x00 un octet nul", EMAIL + "\x00\ud800" * 3 + "x") is None
    with units.begin(SYSTEM) as uow:
        disable_account(uow, EMAIL)
    assert _try(units, PASSWORD) is None


def test_nobody_s_password_is_never_right() -> None:
    assert not is_right(None, "nobody has this password")


def test_ten_failures_lock_the_account_for_a_quarter_of_an_hour(
    units: Units, agent_id: int, clock: FrozenClock
) -> None:
    for _ in range(MAX_FAILURES):
        assert _try(units, "un autre mot de passe") is None
    assert _try(units, PASSWORD) is None  # even the right one
    assert _kinds(units, agent_id)[1:] == ["agent.log_in_failed"] * MAX_FAILURES + ["agent.locked"]
    clock.at += timedelta(minutes=LOCK_MINUTES)
    assert _try(units, PASSWORD) is not None


def test_a_success_forgets_the_failures_before_it(units: Units, agent_id: int) -> None:
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            _try(units, "un autre mot de passe")
        assert _try(units, PASSWORD) is not None


def test_a_hash_of_former_days_is_renewed_at_log_in(units: Units, agent_id: int) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Agent).values(password_hash=weak))
    assert _try(units, PASSWORD) is not None
    with units.reading() as session:
        kept = session.scalars(sa.select(Agent.password_hash)).one()
    assert kept != weak and is_right(kept, PASSWORD)


def test_a_disabled_account_loses_its_open_sessions(units: Units, agent_id: int) -> None:
    with units.reading() as session:
        assert actor_for(session, agent_id, 0) is not None
    with units.begin(SYSTEM) as uow:
        disable_account(uow, EMAIL)
    with units.reading() as session:
        assert actor_for(session, agent_id, 0) is None
        assert actor_for(session, agent_id, 1) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [("trop court", "too_short"), ("a" * 14, "too_simple"), ("abcdefgh" * 30, "too_long")],
)
def test_a_weak_password_is_refused(units: Units, password: str, reason: str) -> None:
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid) as refused:
        create_account(
            uow,
            email=EMAIL,
            password=password,
            first_name="Inès",
            last_name="Costa",
            organization_code="metropole",
            grants=[],
        )
    assert refused.value.fields == {"password": reason}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"email": "pas une adresse"}, {"email": "malformed"}),
        ({"email": EMAIL}, {"email": "taken"}),
        ({"first_name": " \x00"}, {"first_name": "required"}),
        ({"organization_code": "ailleurs"}, {"organization_code": "unknown"}),
        ({"unit_code": "ailleurs"}, {"unit_code": "unknown"}),
        ({"grants": [RoleGrant("king")]}, {"role": "unknown"}),
        ({"grants": [RoleGrant("team_lead")]}, {"role": "unit_required"}),
        ({"grants": [RoleGrant("desk_agent")]}, {"role": "commune_required"}),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    units: Units, agent_id: int, changed: dict[str, object], fields: dict[str, str]
) -> None:
    given: dict[str, object] = {
        "email": "paul.petit@rivebois.example",
        "password": PASSWORD,
        "first_name": "Paul",
        "last_name": "Petit",
        "organization_code": "metropole",
        "grants": [],
    }
    with units.begin(SYSTEM) as uow, pytest.raises(Invalid) as refused:
        create_account(uow, **{**given, **changed})  # type: ignore[arg-type]
    assert refused.value.fields == fields


def test_opening_and_closing_accounts_is_not_for_everyone(units: Units, agent_id: int) -> None:
    with units.begin(RESIDENT) as uow, pytest.raises(NotAllowed):
        disable_account(uow, EMAIL)
