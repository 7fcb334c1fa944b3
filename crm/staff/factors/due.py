"""What an agent still owes once their password was right."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.staff.factors.models import Passkey, SecondFactor
from crm.staff.models import Grant


def has_factor(agent_id: int) -> sa.ColumnElement[bool]:
    application = sa.exists().where(SecondFactor.agent_id == agent_id, SecondFactor.secret.is_not(None))
    return sa.or_(application, sa.exists().where(Passkey.agent_id == agent_id))


def second_due(session: Session, agent_id: int, bound: Collection[str]) -> str:
    """`prove` for whoever has a second factor, `enrol` for whoever must have one; empty for nobody else.

    Args:
        bound: the roles that must.
    """
    must = sa.exists().where(Grant.agent_id == agent_id, Grant.role.in_(sorted(bound)))
    has, owes = session.execute(sa.select(has_factor(agent_id), must)).one()
    if has:
        return "prove"
    return "enrol" if owes else ""
