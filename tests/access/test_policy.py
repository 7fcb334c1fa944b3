"""The decision in Python and the decision in SQL are one; the matrix of who may do what holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crm.access import AGENT_ROLES, GRANTS, Permission, Scope, allows, require, visible
from crm.foundation import Actor, NotAllowed, NotFound, Sessions

P = Permission


class _OwnBase(DeclarativeBase):
    """Apart from the product's tables: this one lives and dies with the test."""


class Row(_OwnBase):
    __tablename__ = "cases_of_a_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None]
    insee: Mapped[str | None]
    origin_insee: Mapped[str | None]
    responsible_insee: Mapped[str | None]
    readers: Mapped[list[str] | None] = mapped_column(ARRAY(sa.Text()))


@dataclass(frozen=True)
class Place:
    unit_id: int | None = None
    insee: str | None = None
    origin_insee: str | None = None
    responsible_insee: str | None = None
    readers: tuple[str, ...] | None = None


_UNITS = (None, 1, 2)
_COMMUNES = (None, "99001", "99002")
_READERS = (
    ("r:supervisor",),
    ("a7", "u1"),
    ("a8", "u2"),
    ("r:advisor", "-a7"),
    ("r:advisor", "r:supervisor", "-u1"),
    ("a7", "-u2", "-a9"),
)
EVERY_CASE = [
    *(Place(*four) for four in product(_UNITS, _COMMUNES, _COMMUNES, _COMMUNES)),
    *(Place(unit, "99001", readers=named) for unit, named in product(_UNITS, _READERS)),
]

actors = st.builds(
    Actor,
    kind=st.sampled_from(["agent", "partner", "system", "resident"]),
    id=st.sampled_from([7, 8, None]),
    roles=st.frozensets(st.sampled_from(sorted(GRANTS)), max_size=3),
    unit_ids=st.frozensets(st.sampled_from([1, 2, 3])),
    stands_by=st.frozensets(st.sampled_from([1, 2])),
    places=st.frozensets(st.sampled_from(["99001", "99002", "99003"])),
)


@given(actor=actors)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_list_shows_exactly_the_cases_one_may_open(sessions: Sessions, actor: Actor) -> None:
    with sessions() as session:
        _OwnBase.metadata.create_all(session.connection())
        if not session.scalar(sa.select(sa.func.count()).select_from(Row)):
            rows = [
                {
                    "id": number,
                    "unit_id": case.unit_id,
                    "insee": case.insee,
                    "origin_insee": case.origin_insee,
                    "responsible_insee": case.responsible_insee,
                    "readers": list(case.readers) if case.readers else None,
                }
                for number, case in enumerate(EVERY_CASE)
            ]
            session.execute(sa.insert(Row), rows)
        listed = set(session.scalars(sa.select(Row.id).where(visible(actor, Row))))
        session.commit()

    opened = {number for number, case in enumerate(EVERY_CASE) if allows(actor, P.CASE_VIEW, case)}

    assert listed == opened


OURS = Place(unit_id=1, insee="99001", responsible_insee="99001")
OURS_BY_THE_METROPOLE = Place(unit_id=5, insee="99001")
TYPED_BY_US_ELSEWHERE = Place(unit_id=5, insee="99002", origin_insee="99001")
NOT_OURS = Place(unit_id=5, insee="99002", origin_insee="99002", responsible_insee="99002")


def _agent(role: str) -> Actor:
    """Works in unit 1 or at the desk of commune 99001, as the role goes."""
    return Actor(
        kind="agent", id=1, roles=frozenset({role}), unit_ids=frozenset({1}), places=frozenset({"99001"})
    )


# Annex C of the trade's rules: for each act, who may do it on a case that is theirs.
MATRIX = {
    P.CASE_CREATE: {"advisor", "desk_agent", "team_lead", "supervisor"},
    P.CASE_VIEW: {"advisor", "desk_agent", "team_lead", "field_agent", "supervisor"},
    P.CASE_EDIT: {"advisor", "desk_agent", "supervisor"},
    P.CASE_NOTE: {"advisor", "desk_agent", "team_lead", "field_agent", "supervisor"},
    P.CASE_ROUTE: {"advisor", "supervisor"},
    P.CASE_ACCEPT: {"desk_agent", "team_lead", "supervisor"},
    P.CASE_BOUNCE: {"team_lead", "supervisor"},
    P.CASE_RESOLVE: {"desk_agent", "team_lead", "field_agent", "supervisor"},
    P.CASE_CLOSE: {"advisor", "desk_agent", "supervisor"},
    P.CONTACT_VIEW: {"advisor", "desk_agent", "supervisor"},
    P.CONTACT_REVEAL: {"team_lead", "supervisor"},
    P.LETTER_PRINT: {"advisor", "supervisor"},
    P.CALLBACK_DO: {"advisor", "supervisor", "desk_agent"},
    P.DELIVERY_MANAGE: {"supervisor", "config_admin"},
    P.STAFF_MANAGE: {"config_admin"},
    P.CATALOGUE_LOAD: {"config_admin"},
    P.ROUTING_LOAD: {"config_admin"},
    P.MESSAGE_SEND: set(),
    P.CASE_IMPORT: set(),
}
_ABOUT_NO_CASE = {
    P.CASE_CREATE, P.LETTER_PRINT, P.CALLBACK_DO, P.DELIVERY_MANAGE, P.STAFF_MANAGE, P.CATALOGUE_LOAD,
    P.ROUTING_LOAD, P.CASE_IMPORT, P.MESSAGE_SEND,
}  # fmt: skip


@pytest.mark.parametrize("role", AGENT_ROLES)
@pytest.mark.parametrize("permission", MATRIX, ids=str)
def test_who_may_do_what(permission: Permission, role: str) -> None:
    subject = None if permission in _ABOUT_NO_CASE else OURS

    assert allows(_agent(role), permission, subject) == (role in MATRIX[permission])


@pytest.mark.parametrize(
    ("role", "case", "seen"),
    [
        ("advisor", NOT_OURS, True),
        ("supervisor", NOT_OURS, True),
        ("config_admin", OURS, False),
        ("desk_agent", OURS, True),
        ("desk_agent", OURS_BY_THE_METROPOLE, True),
        ("desk_agent", TYPED_BY_US_ELSEWHERE, True),
        ("desk_agent", NOT_OURS, False),
        ("team_lead", OURS, True),
        ("team_lead", OURS_BY_THE_METROPOLE, False),
        ("field_agent", OURS, True),
        ("field_agent", TYPED_BY_US_ELSEWHERE, False),
    ],
)
def test_which_cases_one_sees(role: str, case: Place, seen: bool) -> None:
    assert allows(_agent(role), P.CASE_VIEW, case) == seen


def test_a_desk_closes_alone_only_what_its_commune_is_competent_for() -> None:
    desk = _agent("desk_agent")

    assert allows(desk, P.CASE_CLOSE, OURS)
    assert not allows(desk, P.CASE_CLOSE, OURS_BY_THE_METROPOLE)
    assert not allows(desk, P.CASE_CLOSE, TYPED_BY_US_ELSEWHERE)


@pytest.mark.parametrize("role", ["team_lead", "field_agent"])
def test_a_unit_cannot_close(role: str) -> None:
    with pytest.raises(NotAllowed):
        require(_agent(role), P.CASE_CLOSE, OURS)


def test_what_is_out_of_reach_does_not_exist() -> None:
    with pytest.raises(NotFound):
        require(_agent("team_lead"), P.CASE_RESOLVE, NOT_OURS)


def test_whoever_a_case_speaks_of_never_reads_it() -> None:
    case = Place(unit_id=1, insee="99001", readers=("r:supervisor", "u1", "-a1"))

    assert not any(
        allows(_agent(role), permission, case) for role in AGENT_ROLES for permission in Permission
    )


def test_on_call_for_a_unit_of_which_a_case_speaks_a_supervisor_reads_it_still() -> None:
    case = Place(unit_id=1, insee="99001", readers=("r:supervisor", "u2", "-u1"))
    on_call = replace(_agent("supervisor"), stands_by=frozenset({1}))
    assert allows(on_call, P.CASE_VIEW, case) and not allows(_agent("supervisor"), P.CASE_VIEW, case)
    lent = replace(_agent("field_agent"), unit_ids=frozenset({1, 2}), stands_by=frozenset({1}))
    assert allows(lent, P.CASE_VIEW, replace(case, readers=("r:supervisor", "u1")))


def test_a_statement_that_colleagues_share_is_told_who_asks(sessions: Sessions) -> None:
    shared = Actor(kind="agent", roles=frozenset({"advisor"}))
    asked = visible(shared, Row, me=sa.bindparam("me", type_=sa.BigInteger))
    with sessions() as session:
        _OwnBase.metadata.create_all(session.connection())
        rows = [{"id": 1, "readers": ["a7"]}, {"id": 2, "readers": ["r:advisor", "-a7"]}, {"id": 3}]
        for row in rows:
            session.execute(sa.insert(Row), row)
        found = [set(session.scalars(sa.select(Row.id).where(asked), {"me": me})) for me in (7, 8, None)]

    assert found == [{1, 3}, {2, 3}, {3}]


def test_somebody_without_a_role_sees_nothing() -> None:
    nobody = Actor(kind="agent", id=9)

    assert not any(allows(nobody, permission, case) for permission in Permission for case in (None, OURS))


def test_every_grant_is_made_of_known_rights_and_scopes() -> None:
    assert set(AGENT_ROLES) <= GRANTS.keys()
    assert {scope for scopes in GRANTS.values() for scope in scopes} <= set(Scope)
