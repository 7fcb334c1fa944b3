"""Who may be called for a unit when something cannot wait, and what they reach while they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import fold
from crm.staff.models import Agent, Grant, Unit

_STANDS_BY = ("team_lead", "field_agent", "supervisor")
# Planned by crm/promises, on a floor above: asked here with everything else that says what an agent reaches.
_SHIFTS = sa.table(
    "on_call_shifts",
    sa.column("unit_id", sa.BigInteger),
    sa.column("agent_id", sa.BigInteger),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
).c


def units_stood_by(agent_id: sa.ColumnElement[int]) -> sa.Label[Any]:
    """The units that an agent is on call for at this moment: their demands are theirs meanwhile."""
    on_call = sa.select(sa.func.array_agg(_SHIFTS.unit_id)).where(
        _SHIFTS.agent_id == agent_id, _SHIFTS.starts_at <= sa.func.now(), _SHIFTS.ends_at > sa.func.now()
    )
    return on_call.correlate(Agent.__table__).scalar_subquery().label("stood_by")


def standing_by(session: Session, unit_id: int) -> dict[int, str]:
    """Who may be on call for a unit: id → name, its own team first, then those of others with their unit."""
    held = sa.select(sa.func.array_agg(Grant.unit_id)).where(
        Grant.agent_id == Agent.id, Grant.role.in_(("team_lead", "field_agent"))
    )
    query = (
        sa.select(
            Agent.id, Agent.first_name, Agent.last_name, Unit.name, held.scalar_subquery().label("held")
        )
        .outerjoin(Unit, Unit.id == Agent.unit_id)
        .where(Agent.is_active)
        .where(Agent.id.in_(sa.select(Grant.agent_id).where(Grant.role.in_(_STANDS_BY))))
    )
    found = [
        (unit_id not in (row.held or ()), f"{row.first_name} {row.last_name}", row.name, row.id)
        for row in session.execute(query)
    ]
    return {
        id_: f"{name} ({unit})" if other and unit else name
        for other, name, unit, id_ in sorted(found, key=lambda one: (one[0], fold(one[1])))
    }
