"""Inès, a supervisor whose password was right, at the second step of her log-in."""

from __future__ import annotations

from crm.foundation import RESIDENT, Actor, UnitOfWork, Units
from crm.staff import LoggedIn, RoleGrant, authenticate, create_account
from crm.staff.factors import Halfway, Seal, Site, prove_by_code

PASSWORD, EMAIL = "le marché de Noël", "ines.costa@rivebois.example"
BOUND = frozenset({"supervisor"})
SEAL = Seal("not a secret: a test")
SITE = Site("crm.example", "https://crm.example", "Rivebois")


def account(uow: UnitOfWork, email: str) -> int:
    return create_account(
        uow,
        email=email,
        password=PASSWORD,
        first_name="Inès",
        last_name="Costa",
        organization_code="metropole",
        grants=[RoleGrant("supervisor")],
    )


def at_work(agent_id: int) -> Actor:
    return Actor(kind="agent", id=agent_id, roles=frozenset({"supervisor"}))


def give_password(units: Units) -> LoggedIn:
    with units.begin(RESIDENT) as uow:
        let_in = authenticate(uow, EMAIL, PASSWORD, BOUND)
    assert let_in is not None
    return let_in


def half_way(units: Units) -> Halfway:
    told = give_password(units)
    return Halfway(told.agent_id, told.session_epoch)


def give_code(units: Units, who: Halfway, typed: str) -> LoggedIn | None:
    with units.begin(RESIDENT) as uow:
        return prove_by_code(uow, SEAL, who, typed)
