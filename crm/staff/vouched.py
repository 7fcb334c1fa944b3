"""Agents let in by an identity provider. It vouches for a person; who may come in is still decided here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork, clean
from crm.staff.events import AgentVouchedFor
from crm.staff.factors import second_due
from crm.staff.models import Agent, Organization
from crm.staff.trying import LoggedIn, is_locked, let_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """
    Args:
        uid: the person, as their provider knows them for good; an e-mail may change hands.
        siret: of the organisation they work for.
    """

    issuer: str
    uid: str
    siret: str
    email: str


def authenticate_vouched(
    uow: UnitOfWork, told: Vouched, bound: Collection[str] | None = None
) -> LoggedIn | None:
    """Let in an agent whose account exists; nobody is created here.

    The first time, e-mail and SIRET together must be those of an account; from then on the person is known by
    `uid`, and the SIRET must still be that of their organisation.

    Args:
        bound: roles that must have a second factor besides; None: the provider saw to it, nobody is asked.
    """
    require(uow.actor, Permission.LOG_IN)
    if not (told.uid and told.siret):
        return None
    person = f"{told.issuer}|{told.uid}"
    known = sa.or_(
        Agent.provider_uid == person,
        sa.and_(Agent.provider_uid.is_(None), Agent.email == clean(told.email).lower()),
    )
    query = (
        sa.select(Agent)
        .join(Organization, Organization.id == Agent.organization_id)
        .where(known, Organization.siret == told.siret)
        .order_by(Agent.provider_uid.is_(None))
        .limit(1)
        .with_for_update(of=Agent)
    )
    agent = uow.session.execute(query).scalar_one_or_none()
    if agent is None or not agent.is_active:
        return None
    if is_locked(uow, agent):
        return None
    if agent.provider_uid is None:
        agent.provider_uid = person
        uow.record(AgentVouchedFor(subject_id=agent.id))
    due = "" if bound is None else second_due(uow.session, agent.id, bound)
    return let_in(uow, agent, due)
