"""One problem, many callers: a person declares the incident, says what agents answer, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm.access import Permission
from crm.cases.actions.loading import hold
from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.together.following_events import (
    IncidentDeclared,
    IncidentEnded,
    IncidentOverSaid,
    IncidentProposed,
)
from crm.cases.together.models import Incident
from crm.foundation import IllegalStep, Invalid, NotFound, UnitOfWork, clean
from crm.interactions import add_note

_LONGEST = 600  # of an announcement: it is read aloud
_AT_MOST = timedelta(days=30)


def propose_incident(uow: UnitOfWork, reference: str, why: str) -> None:
    """An agent hears more than the programme sees; a team lead or a supervisor decides.

    Raises:
        IllegalStep: the case has ended.
        Invalid: nothing said, too much, or an incident is proposed or declared already.
    """
    case = hold(uow, reference, Permission.CASE_NOTE)
    said = clean(why)
    if CaseState(case.state) in ENDED:
        raise IllegalStep(verb="propose", state=case.state)
    if not said:
        raise Invalid({"proposal": "required"})
    if len(said) > _LONGEST:
        raise Invalid({"proposal": "too_long"})
    if _current(uow, case.id) is not None:
        raise Invalid({"proposal": "incident_known"})
    made = Incident(case_id=case.id, suspected_at=uow.now, proposed_by_id=uow.actor.id, proposal=said)
    uow.session.add(made)
    uow.session.flush()
    uow.record(IncidentProposed(subject_id=case.id, incident_id=made.id))


def declare_incident(uow: UnitOfWork, reference: str, *, announcement: str, valid_until: datetime) -> None:
    """Say what agents tell whoever calls about it, until then. Declared again, it is corrected.

    Raises:
        Invalid: nothing to say, or an end that is past or too far away.
    """
    case = hold(uow, reference, Permission.INCIDENT_DECLARE)
    said = clean(announcement)
    wrong: dict[str, str] = {}
    if not said:
        wrong["announcement"] = "required"
    elif len(said) > _LONGEST:
        wrong["announcement"] = "too_long"
    if valid_until <= uow.now:
        wrong["valid_until"] = "past"
    elif valid_until > uow.now + _AT_MOST:
        wrong["valid_until"] = "too_far"
    if wrong:
        raise Invalid(wrong)
    incident = _current(uow, case.id)
    if incident is None:
        incident = Incident(case_id=case.id, suspected_at=uow.now)
        uow.session.add(incident)
    incident.announcement, incident.valid_until = said, valid_until
    incident.declared_at, incident.declared_by_id = uow.now, uow.actor.id
    uow.session.flush()
    uow.record(IncidentDeclared(subject_id=case.id, incident_id=incident.id))


def end_incident(uow: UnitOfWork, reference: str, *, told: str = "") -> None:
    """It is over, or it never was one: agents say nothing of it any more. The demand goes on.

    Args:
        told: to everybody attached, each by their own channel; empty to tell nobody.

    Raises:
        NotFound: there is none.
        Invalid: too much is told.
    """
    case = hold(uow, reference, Permission.INCIDENT_DECLARE)
    incident, said = _current(uow, case.id), clean(told)
    if incident is None:
        raise NotFound(reference=reference)
    if len(said) > _LONGEST:
        raise Invalid({"told": "too_long"})
    incident.ended_at = uow.now
    if said:
        told_id = add_note(uow, case, case.id, said, kind="incident_over")
        uow.record(IncidentOverSaid(subject_id=case.id, incident_id=incident.id, told_id=told_id))
    uow.record(IncidentEnded(subject_id=case.id, incident_id=incident.id))


def _current(uow: UnitOfWork, case_id: int) -> Incident | None:
    return uow.session.scalar(
        sa.select(Incident).where(Incident.case_id == case_id, Incident.ended_at.is_(None)).with_for_update()
    )
