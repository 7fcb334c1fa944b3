"""Seats that are left, who comes and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, visible
from crm.appointments.models import Appointment, AppointmentState, Slot
from crm.cases import Case, CaseSheet, CaseState
from crm.foundation import PARIS, Actor, NotFound

_S, _A = (cast(sa.Table, entity.__table__).c for entity in (Slot, Appointment))
_C: Any = cast(sa.Table, Case.__table__).c
_LOOKED_AHEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class SlotCard:
    """`left`: how many seats are still free."""

    id: int
    meeting: str
    place: str
    unit_id: int | None
    insee: str | None
    starts_at: datetime
    ends_at: datetime
    seats: int
    left: int


@dataclass(frozen=True, slots=True)
class AppointmentCard:
    """
    Args:
        agent_id: who receives, when the slot says it.
        moves: how many times it was moved or cancelled: a calendar keeps the highest.
    """

    id: int
    case_id: int
    reference: str
    state: AppointmentState
    meeting: str
    place: str
    unit_id: int | None
    insee: str | None
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    agent_id: int | None
    moves: int
    told_id: int | None
    category_code: str | None = None
    contact_id: int | None = None


_taken = (
    sa.select(sa.func.count())
    .where(_A.slot_id == _S.id, _A.state != AppointmentState.CANCELLED)
    .correlate(Slot.__table__)
    .scalar_subquery()
)
_LEFT = (_S.seats - _taken).label("left")
_SLOT = sa.select(
    _S.id, _S.meeting, _S.place, _S.unit_id, _S.insee, _S.starts_at, _S.ends_at, _S.seats, _LEFT
)
_CARD = (
    sa.select(
        _A.id, _A.case_id, _C.reference, _A.state, _S.meeting, _S.place, _S.unit_id, _S.insee,
        _A.slot_id, _S.starts_at, _S.ends_at, _S.agent_ids[_A.seat + 1].label("agent_id"), _A.moves,
        _A.told_id, _C.category_code, _C.contact_id,
    )
    .select_from(Appointment.__table__)
    .join(Slot.__table__, _S.id == _A.slot_id)
    .join(Case.__table__, _C.id == _A.case_id)
)  # fmt: skip


def offered_to(case: CaseSheet, now: datetime) -> sa.ColumnElement[bool]:
    """Opened by the service in charge, or the desk of its commune, and soon; none once it is cancelled."""
    if case.state is CaseState.CANCELLED:
        return sa.false()
    ours = sa.or_(
        _S.unit_id == case.unit_id if case.unit_id is not None else sa.false(),
        _S.insee.in_([insee for insee in (case.insee, case.origin_insee) if insee]),
    )
    soon = sa.and_(_S.starts_at > now, _S.starts_at < now + _LOOKED_AHEAD)
    return sa.and_(ours, soon, _S.withdrawn_at.is_(None))


def free_slots(session: Session, case: CaseSheet, now: datetime, limit: int = 120) -> list[SlotCard]:
    """What may be proposed for a demand."""
    query = _SLOT.where(offered_to(case, now), _taken < _S.seats)
    rows = session.execute(query.order_by(_S.starts_at, _S.id).limit(limit))
    return [SlotCard(*row) for row in rows]


def slots_opened(session: Session, actor: Actor, now: datetime, limit: int = 300) -> list[SlotCard]:
    """To come, of the services and desks that the actor opens for."""
    query = _SLOT.where(_S.ends_at > now, _S.withdrawn_at.is_(None))
    if not everywhere(actor, Permission.APPOINTMENT_BOOK):
        query = query.where(
            sa.or_(_S.unit_id.in_(sorted(actor.unit_ids)), _S.insee.in_(sorted(actor.places)))
        )
    return [SlotCard(*row) for row in session.execute(query.order_by(_S.starts_at, _S.id).limit(limit))]


def appointments_on(session: Session, actor: Actor, day: date) -> list[AppointmentCard]:
    """Of one day, for demands within reach."""
    first = datetime.combine(day, time(), tzinfo=PARIS)
    last = datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS)
    query = _CARD.where(
        _S.starts_at >= first, _S.starts_at < last, visible(actor, _C, Permission.CASE_VIEW),
        _A.state != AppointmentState.CANCELLED,
    )  # fmt: skip
    return _cards(session, query.order_by(_S.starts_at, _A.id))


def appointments_of_case(session: Session, case_id: int) -> list[AppointmentCard]:
    """The nearest last; cancelled ones too."""
    return _cards(session, _CARD.where(_A.case_id == case_id).order_by(_S.starts_at, _A.id))


def appointments_to_come(session: Session, case_id: int, now: datetime) -> list[AppointmentCard]:
    """Still booked, whatever became of the demand."""
    booked = _CARD.where(_A.case_id == case_id, _A.state == AppointmentState.BOOKED, _S.starts_at > now)
    return _cards(session, booked.order_by(_S.starts_at, _A.id))


def appointment_by_id(session: Session, appointment_id: int) -> AppointmentCard:
    """For whoever proved that it is theirs. Raises NotFound."""
    found = _cards(session, _CARD.where(_A.id == appointment_id))
    if not found:
        raise NotFound(appointment=appointment_id)
    return found[0]


def invitations(session: Session, message_ids: Sequence[int]) -> dict[int, AppointmentCard]:
    """Message's id → the appointment whose invitation it carries, in one statement."""
    told = _cards(session, _CARD.where(_A.told_id.in_(message_ids))) if message_ids else []
    return {card.told_id: card for card in told if card.told_id is not None}


def _cards(session: Session, query: sa.Select[Any]) -> list[AppointmentCard]:
    rows = (row._asdict() for row in session.execute(query))
    return [AppointmentCard(**{**row, "state": AppointmentState(row["state"])}) for row in rows]
