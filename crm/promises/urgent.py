"""Emergencies: who is called, by two means; « pris en charge »; what happens when nobody says so.

Each time one comes into somebody's hands (`case.urgent`): whoever is on call, else who leads the unit, else
the supervisors. Domain: T05, annex B.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import ENDED, Case, CaseSheet, CaseState, Outcome, case_by_id, one_case
from crm.foundation import Conflict, EventRow, NotFound, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, one_message, queue_message
from crm.promises.choices import URGENT_KINDS
from crm.promises.clocks import URGENT_ACCEPTANCE
from crm.promises.events import UrgentCalled, UrgentEscalated, UrgentTaken
from crm.promises.models import OnCallShift, UrgentCall
from crm.promises.notices import able_to_read, agents_holding, settle, tell
from crm.staff import Agent

_C: Any = cast(sa.Table, Case.__table__).c
_E: Any = cast(sa.Table, EventRow.__table__).c
# Nobody is called for these, unless a rule gave it to another body before anybody read it.
_OVER = ENDED | {CaseState.RESOLVED}
# Somebody has it in hand. A question to the usager is not that.
_TAKES = (
    "case.accepted", "case.planned", "case.secured", "case.awaits_partner", "case.resumed",
    "case.entrusted", "case.on_the_way", "case.referred", "urgent.taken",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Called:
    """Whom to reach: in the console as an agent, and by telephone or mail."""

    agent_id: int
    phone: str
    email: str


def call_out(uow: UnitOfWork, centre: Centre, case_id: int, *, by_sms: bool) -> list[int]:
    """Call whoever is on call for an emergency, once for each hand it comes into.

    Args:
        by_sms: a gateway for SMS is there; else the second means is an e-mail.

    Returns:
        Whose open pages are to be told.
    """
    require(uow.actor, Permission.CLOCKS_KEEP)
    uow.session.execute(sa.select(_C.id).where(_C.id == case_id).with_for_update())  # two workers at once
    case = case_by_id(uow.session, case_id)
    is_passed_on = case.outcome == Outcome.TRANSMITTED
    if case.state in _OVER and not is_passed_on:
        return []
    if _since_in_hand(uow.session, case_id, *_TAKES, "urgent.called") is not None:
        return []
    unit_id = None if is_passed_on else case.unit_id
    anew = {"taken_at": None, "taken_by_id": None, "escalated_at": None}
    uow.session.merge(UrgentCall(case_id=case_id, unit_id=unit_id, called_at=uow.now, **anew))
    settle(uow, case_id, URGENT_KINDS)  # whoever had it before has nothing left to do
    whom, reached = _on_call(uow.session, unit_id, uow.now)
    called = _able(uow, case_id, reached)
    told = _reach(uow, centre, case, called, "urgent_called", by_sms=by_sms)
    instead = called and not {one.agent_id for one in called} & {one.agent_id for one in reached}
    whom = "supervisors" if instead else whom if called else "nobody"
    uow.record(UrgentCalled(subject_id=case_id, how_many=len(called), whom=whom))
    return told


def _since_in_hand(session: Session, case_id: int, *kinds: str) -> datetime | None:
    """When the first of these happened since the emergency last came into somebody's hands."""
    of_case = sa.and_(_E.subject_kind == "case", _E.subject_id == case_id)
    came = sa.select(sa.func.max(_E.id)).where(of_case, _E.kind == "case.urgent").scalar_subquery()
    first = sa.select(sa.func.min(_E.at)).where(
        of_case, _E.kind.in_(kinds), _E.id > sa.func.coalesce(came, 0)
    )
    return session.scalar(first)


def escalate_calls(uow: UnitOfWork, centre: Centre, *, by_sms: bool) -> list[int]:
    """Thirty minutes and nobody has it in hand: the supervisors, by two means, once for each call."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    late = (
        sa.select(UrgentCall)
        .join(Case, _C.id == UrgentCall.case_id)
        .where(
            UrgentCall.called_at <= uow.now - URGENT_ACCEPTANCE,
            UrgentCall.taken_at.is_(None),
            UrgentCall.escalated_at.is_(None),
            sa.or_(_C.state.not_in(_OVER), _C.outcome == Outcome.TRANSMITTED),
        )
        .with_for_update(of=UrgentCall, skip_locked=True)
    )
    told: set[int] = set()
    for call in uow.session.scalars(late).all():
        call.taken_at = _since_in_hand(uow.session, call.case_id, *_TAKES)
        if call.taken_at is not None:
            continue  # by the usual button
        call.escalated_at = uow.now
        case = case_by_id(uow.session, call.case_id)
        supervisors = _agents(uow.session, agents_holding(uow.session, "supervisor"), uow.now)
        called = _able(uow, case.id, supervisors)
        told |= set(_reach(uow, centre, case, called, "urgent_escalated", by_sms=by_sms))
        uow.record(UrgentEscalated(subject_id=case.id, how_many=len(called)))
    return sorted(told)


def mail_instead(uow: UnitOfWork, message_id: int) -> None:
    """A text that calls somebody was refused for good: a mail to whose telephone it was, on call then."""
    require(uow.actor, Permission.MESSAGE_SEND)
    refused = one_message(uow.session, message_id)
    if (refused.kind, refused.channel) != (_KIND, "sms"):
        return
    held = sa.select(OnCallShift.agent_id).where(
        OnCallShift.phone == refused.recipient, _runs_at(refused.occurred_at)
    )
    for one in _agents(uow.session, uow.session.scalars(held), refused.occurred_at):
        mail = _message("email", one.email, refused.subject, refused.body)
        queue_message(uow, None, 0, mail)


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


def _on_call(session: Session, unit_id: int | None, now: datetime) -> tuple[str, list[_Called]]:
    on_shift = sa.select(OnCallShift.agent_id).where(OnCallShift.unit_id == unit_id, _runs_at(now))
    found = _agents(session, session.scalars(on_shift), now)
    if found:
        return "on_call", found
    leads = agents_holding(session, "team_lead", unit_id) if unit_id is not None else []
    if leads:
        return "lead", _agents(session, leads, now)
    return "supervisors", _agents(session, agents_holding(session, "supervisor"), now)


def _runs_at(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(OnCallShift.starts_at <= now, OnCallShift.ends_at > now)


def _able(uow: UnitOfWork, case_id: int, called: list[_Called]) -> list[_Called]:
    """A text on a telephone tells as much as a page: of what few may read, those few alone are called."""
    able = able_to_read(uow.session, case_id, [one.agent_id for one in called])
    known = {one.agent_id for one in called}
    kept = [one for one in called if one.agent_id in able]
    return kept + _agents(uow.session, [id_ for id_ in able if id_ not in known], uow.now)


def _agents(session: Session, ids: Iterable[int], now: datetime) -> list[_Called]:
    """With the telephone of who is on call then, for whatever unit; nobody else's is known."""
    phone = sa.select(sa.func.max(OnCallShift.phone)).where(OnCallShift.agent_id == Agent.id, _runs_at(now))
    query = sa.select(Agent.id, sa.func.coalesce(phone.scalar_subquery(), ""), Agent.email)
    rows = session.execute(query.where(Agent.id.in_(list(ids)), Agent.is_active).order_by(Agent.id))
    return [_Called(*row) for row in rows]


def _reach(
    uow: UnitOfWork, centre: Centre, case: CaseSheet, called: list[_Called], kind: str, *, by_sms: bool
) -> list[int]:
    """In the console, and by SMS to who gave a number, by e-mail to the others."""
    subject = _SUBJECTS[kind].format(reference=case.reference)
    link = f"{centre.site_url.rstrip('/')}/console/demandes/{case.reference}"
    place = f", {case.place_label}" if case.place_label else ""
    body = _BODY.format(subject=subject, place=place, link=link)
    for one in called:
        way, to = ("sms", one.phone) if by_sms and one.phone else ("email", one.email)
        queue_message(uow, None, 0, _message(way, to, subject, body))
    return tell(uow, [one.agent_id for one in called], kind, case.id, uow.now + URGENT_ACCEPTANCE)


def _message(way: str, to: str, subject: str, body: str) -> Message:
    return Message(kind=_KIND, channel=way, recipient=to, subject=subject, body=body, is_public=False)


_KIND = "on_call"
_SUBJECTS = {
    "urgent_called": "URGENT {reference} : mise en sécurité",
    "urgent_escalated": "URGENT {reference} : personne ne l’a pris en charge depuis 30 minutes",
}
_BODY = "{subject}{place}.\nDire « Pris en charge » : {link}"
