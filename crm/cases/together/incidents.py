"""Incidents as they are read: suspected, then declared with what agents say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.together.models import Incident


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """
    Args:
        declared_at: None while it is only suspected.
        proposal: why an agent proposed it; empty when the programme did.
    """

    id: int
    case_id: int
    suspected_at: datetime
    declared_at: datetime | None
    announcement: str
    valid_until: datetime | None
    proposal: str
    proposed_by_id: int | None

    def holds(self, now: datetime) -> bool:
        """Agents are to say it now."""
        return self.declared_at is not None and self.valid_until is not None and self.valid_until > now


def incident_of(session: Session, case_id: int) -> IncidentCard | None:
    """The current one of a case."""
    row = session.execute(
        sa.select(
            Incident.id,
            Incident.case_id,
            Incident.suspected_at,
            Incident.declared_at,
            Incident.announcement,
            Incident.valid_until,
            Incident.proposal,
            Incident.proposed_by_id,
        ).where(Incident.case_id == case_id, Incident.ended_at.is_(None))
    ).one_or_none()
    return IncidentCard(*row) if row else None
