"""Who signs what leaves: first and family name, capacity, address and telephone at work (CRPA L111-2)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.staff.models import Agent, Organization, Unit


def signature_of(session: Session, agent_id: int) -> tuple[str, ...]:
    """The lines of the block; a number instead of the name of whoever stays unnamed for their safety."""
    row = session.execute(
        sa.select(
            Agent.first_name,
            Agent.last_name,
            Agent.title,
            Agent.is_anonymous,
            Unit.name.label("unit"),
            Organization.name.label("organization"),
            sa.func.coalesce(sa.func.nullif(Unit.address, ""), Organization.address).label("address"),
            sa.func.coalesce(sa.func.nullif(Unit.phone, ""), Organization.phone).label("phone"),
        )
        .join(Organization, Organization.id == Agent.organization_id)
        .outerjoin(Unit, Unit.id == Agent.unit_id)
        .where(Agent.id == agent_id)
    ).one_or_none()
    if row is None:
        return ()
    name = f"Agent n° {agent_id}" if row.is_anonymous else f"{row.first_name} {row.last_name}"
    where = ", ".join(filter(None, (row.unit, row.organization)))
    return tuple(line for line in (name, row.title, where, row.address, row.phone) if line)
