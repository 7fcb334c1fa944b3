"""What the end of a case does to its incident, and the taking back of that end."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.models import Case
from crm.cases.together.following_events import IncidentEnded, IncidentMoved, IncidentRestored
from crm.cases.together.models import Incident
from crm.foundation import UnitOfWork


def end_with_case(uow: UnitOfWork, case: Case) -> None:
    """Everybody is answered: nobody has anything to say of it any more. The caller holds the case."""
    query = sa.update(Incident).where(Incident.case_id == case.id, Incident.ended_at.is_(None))
    ended = uow.session.scalar(query.values(ended_at=uow.now).returning(Incident.id))
    if ended is not None:
        uow.record(IncidentEnded(subject_id=case.id, incident_id=ended))


def move_incident(uow: UnitOfWork, case: Case, original: Case) -> None:
    """A duplicate's is said of the demand that goes on, unless that one has its own, or has ended too."""
    other = sa.select(Incident.id).where(Incident.case_id == original.id, Incident.ended_at.is_(None))
    if CaseState(original.state) not in ENDED and uow.session.scalar(other) is None:
        query = sa.update(Incident).where(Incident.case_id == case.id, Incident.ended_at.is_(None))
        moved = uow.session.scalar(query.values(case_id=original.id).returning(Incident.id))
        if moved is not None:
            uow.record(IncidentMoved(subject_id=original.id, incident_id=moved, duplicate_id=case.id))


def restore_incident(uow: UnitOfWork, case: Case, ended_at: datetime) -> None:
    """The answer is taken back: agents say it again."""
    query = sa.update(Incident).where(Incident.case_id == case.id, Incident.ended_at == ended_at)
    again = uow.session.scalar(query.values(ended_at=None).returning(Incident.id))
    if again is not None:
        uow.record(IncidentRestored(subject_id=case.id, incident_id=again))
