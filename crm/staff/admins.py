"""The last administrator stays: somebody must be left who can give rights back."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Invalid, UnitOfWork
from crm.staff.models import Agent, Grant

ADMIN = "config_admin"
_LOCK = 7_307_000_036  # of whoever takes an administrator away: two never take each other away at once


def keep_an_admin(uow: UnitOfWork, agent_id: int) -> None:
    """
    Raises:
        Invalid: `role` → `last_admin`: nobody else in use has that role.
    """
    require(uow.actor, Permission.STAFF_MANAGE)
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    admins = sa.select(Grant.agent_id).join(Agent, Agent.id == Grant.agent_id)
    in_use = set(uow.session.scalars(admins.where(Grant.role == ADMIN, Agent.is_active)))
    if in_use == {agent_id}:
        raise Invalid({"role": "last_admin"})
