"""Emergencies: who is called, by two means; « pris en charge »; what happens when nobody says so.

Whoever is on call, else who leads the unit, else the supervisors. Domain: T05, annex B.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import CaseSheet, CaseState, case_by_id, one_case
from crm.foundation import Conflict, NotFound, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, queue_message
from crm.promises.choices import URGENT_KINDS
from crm.promises.clocks import URGENT_ACCEPTANCE
from crm.promises.events import UrgentCalled, UrgentEscalated, UrgentTaken
from crm.promises.models import OnCallShift, UrgentCall
from crm.promises.notices import able_to_read, agents_holding, settle, tell
from crm.staff import Agent

_UNTAKEN = frozenset({CaseState.REGISTERED, CaseState.ASSIGNED})


@dataclass(frozen=True, slots=True)
class _Called:
    """Whom to reach: in the console as an agent, and by telephone or mail."""

    agent_id: int
    phone: str
    email: str


def call_out(uow: UnitOfWork, centre: Centre, case_id: int, *, by_sms: bool) -> list[int]:
    """Call whoever is on call for an emergency, once. Returns whose open pages are to be told.

    Args:
        by_sms: a gateway for SMS is there; else the second means is an e-mail.
    """
    require(uow.actor, Permission.CLOCKS_KEEP)
    case = case_by_id(uow.session, case_id)
    if case.state not in _UNTAKEN:
        return []
    row = {"case_id": case_id, "unit_id": case.unit_id, "called_at": uow.now}
    claim = insert(UrgentCall).values(row).on_conflict_do_nothing().returning(UrgentCall.case_id)
    if uow.session.scalar(claim) is None:
        return []
    whom, reached = _on_call(uow.session, case.unit_id, uow.now)
    called = _able(uow.session, case_id, reached)
    told = _reach(uow, centre, case, called, "urgent_called", by_sms=by_sms)
    instead = called and not {one.agent_id for one in called} & {one.agent_id for one in reached}
    whom = "supervisors" if instead else whom if called else "nobody"
    uow.record(UrgentCalled(subject_id=case_id, how_many=len(called), whom=whom))
    return told


def escalate_calls(uow: UnitOfWork, centre: Centre, *, by_sms: bool) -> list[int]:
    """Thirty minutes and nobody has said they had it: the supervisors, by two means, once."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    late = (
        sa.select(UrgentCall)
        .where(
            UrgentCall.called_at <= uow.now - URGENT_ACCEPTANCE,
            UrgentCall.taken_at.is_(None),
            UrgentCall.escalated_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
    told: set[int] = set()
    for call in uow.session.scalars(late).all():
        case = case_by_id(uow.session, call.case_id)
        call.escalated_at = uow.now
        if case.state not in _UNTAKEN:
            continue  # taken in charge by the usual button
        supervisors = _agents(uow.session, agents_holding(uow.session, "supervisor"))
        called = _able(uow.session, case.id, supervisors)
        told |= set(_reach(uow, centre, case, called, "urgent_escalated", by_sms=by_sms))
        uow.record(UrgentEscalated(subject_id=case.id, how_many=len(called)))
    return sorted(told)


def take_urgent(uow: UnitOfWork, reference: str) -> None:
    """« Pris en charge »: whoever sees the case and is on their way says so; nobody else is then called.

    Raises:
        NotFound: no call was made for it, or the case is out of reach.
        Conflict: somebody has said so before.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.CASE_NOTE, case)
    call = uow.session.get(UrgentCall, case.id, with_for_update=True)
    if call is None:
        raise NotFound(reference=reference)
    if call.taken_at is not None:
        raise Conflict(seen=0, current=1)
    call.taken_at, call.taken_by_id = uow.now, uow.actor.id
    settle(uow, case.id, URGENT_KINDS)
    uow.record(UrgentTaken(subject_id=case.id))


@dataclass(frozen=True, slots=True)
class UrgentLine:
    """How the call for one emergency stands."""

    case_id: int
    called_at: datetime
    taken_at: datetime | None
    taken_by_id: int | None
    escalated_at: datetime | None


def urgent_call(session: Session, case_id: int) -> UrgentLine | None:
    row = session.get(UrgentCall, case_id)
    return (
        UrgentLine(row.case_id, row.called_at, row.taken_at, row.taken_by_id, row.escalated_at)
        if row
        else None
    )


def _on_call(session: Session, unit_id: int | None, now: datetime) -> tuple[str, list[_Called]]:
    on_shift = (
        sa.select(OnCallShift.agent_id, OnCallShift.phone, Agent.email)
        .join(Agent, Agent.id == OnCallShift.agent_id)
        .where(OnCallShift.unit_id == unit_id, OnCallShift.starts_at <= now, OnCallShift.ends_at > now)
        .where(Agent.is_active)
        .order_by(OnCallShift.id)
    )
    found = [_Called(*row) for row in session.execute(on_shift)]
    if found:
        return "on_call", found
    leads = agents_holding(session, "team_lead", unit_id) if unit_id is not None else []
    if leads:
        return "lead", _agents(session, leads)
    return "supervisors", _agents(session, agents_holding(session, "supervisor"))


def _able(session: Session, case_id: int, called: list[_Called]) -> list[_Called]:
    """A text on a telephone tells as much as a page: of what few may read, those few alone are called."""
    able = able_to_read(session, case_id, [one.agent_id for one in called])
    known = {one.agent_id for one in called}
    kept = [one for one in called if one.agent_id in able]
    return kept + _agents(session, [id_ for id_ in able if id_ not in known])


def _agents(session: Session, ids: Iterable[int]) -> list[_Called]:
    query = sa.select(Agent.id, sa.literal(""), Agent.email).where(Agent.id.in_(list(ids))).order_by(Agent.id)
    return [_Called(*row) for row in session.execute(query)]


def _reach(
    uow: UnitOfWork, centre: Centre, case: CaseSheet, called: list[_Called], kind: str, *, by_sms: bool
) -> list[int]:
    """In the console, and by SMS to who gave a number, by e-mail to the others."""
    subject = _SUBJECTS[kind].format(reference=case.reference)
    link = f"{centre.site_url.rstrip('/')}/console/demandes/{case.reference}"
    place = f", {case.place_label}" if case.place_label else ""
    for one in called:
        texts = by_sms and one.phone
        message = Message(
            kind="on_call",
            channel="sms" if texts else "email",
            recipient=one.phone if texts else one.email,
            subject=subject,
            body=_BODY.format(subject=subject, place=place, link=link),
            is_public=False,
        )
        queue_message(uow, None, 0, message)
    return tell(uow, [one.agent_id for one in called], kind, case.id, uow.now + URGENT_ACCEPTANCE)


_SUBJECTS = {
    "urgent_called": "URGENT {reference} : mise en sécurité",
    "urgent_escalated": "URGENT {reference} : personne ne l’a pris en charge depuis 30 minutes",
}
_BODY = "{subject}{place}.\nDire « Pris en charge » : {link}"
