"""Agents let in by an identity provider. It vouches for a person; who may come in is still decided here."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork, clean
from crm.staff.actions import LoggedIn
from crm.staff.events import AgentLoggedIn, AgentVouchedFor
from crm.staff.models import Agent, Organization


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


def authenticate_vouched(uow: UnitOfWork, told: Vouched) -> LoggedIn | None:
    """Let in an agent whose account exists; nobody is created here.

    The first time, e-mail and SIRET together must be those of an account; from then on the person is known by
    `uid`, and the SIRET must still be that of their organisation.
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
    if agent.locked_until is not None and uow.now < agent.locked_until:
        return None
    if agent.provider_uid is None:
        agent.provider_uid = person
        uow.record(AgentVouchedFor(subject_id=agent.id))
    uow.record(AgentLoggedIn(subject_id=agent.id))
    return LoggedIn(agent.id, agent.session_epoch, agent.language)
