"""Open moments, take a seat, move, cancel, say whether they came. Two at once: the second is told no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, everywhere, require
from crm.appointments.agents_held import hold_agents
from crm.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentKept,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentNear,
    SlotsOpened,
    SlotWithdrawn,
)
from crm.appointments.models import Appointment, AppointmentState, Slot
from crm.appointments.opening import MOST_SLOTS, Opening, checked, moments
from crm.appointments.queries import appointments_to_come, offered_to
from crm.cases import Case, CaseSheet, CaseState, case_by_id, one_case
from crm.foundation import (
    PARIS,
    Actor,
    Conflict,
    IllegalStep,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    clean,
)

_S, _A = (cast(sa.Table, entity.__table__).c for entity in (Slot, Appointment))


def open_slots(uow: UnitOfWork, opening: Opening, is_closed: Callable[[date], bool]) -> int:
    """Returns how many were opened: none the second time.

    Raises:
        NotAllowed: for a service or a desk that is not the actor's.
        Invalid: field → why it can open nothing; one of the agents receives elsewhere at that moment.
    """
    require(uow.actor, Permission.SLOT_OPEN)
    _own(uow.actor, opening.unit_id, opening.insee)
    checked(opening, uow.now.astimezone(PARIS).date())
    found = list(moments(opening, is_closed, uow.now))
    if not found or len(found) > MOST_SLOTS:
        raise Invalid({"last_on": "no_slot" if not found else "too_many_slots"})
    hold_agents(uow, opening, found)
    shared = {
        "opening_key": opening.key,
        "meeting": opening.meeting,
        "place": clean(opening.place),
        "unit_id": opening.unit_id,
        "insee": opening.insee,
        "seats": max(opening.seats, len(opening.agent_ids)),
        "agent_ids": list(opening.agent_ids),
        "opened_by_id": uow.actor.id,
        "opened_at": uow.now,
    }
    rows = [{**shared, "starts_at": starts, "ends_at": ends} for starts, ends in found]
    opened = uow.session.execute(insert(Slot).values(rows).on_conflict_do_nothing().returning(_S.id))
    if ids := sorted(row.id for row in opened):
        uow.record(SlotsOpened(subject_id=ids[0], how_many=len(ids)))
    return len(ids)


def withdraw_slot(uow: UnitOfWork, slot_id: int) -> None:
    """Nobody may take it any more. Raises IllegalStep while somebody has a seat."""
    require(uow.actor, Permission.SLOT_OPEN)
    slot = _hold_slot(uow, slot_id)
    _own(uow.actor, slot.unit_id, slot.insee)
    if _taken(uow, slot_id):
        raise IllegalStep(verb="withdraw", state="taken")
    slot.withdrawn_at = uow.now
    uow.record(SlotWithdrawn(subject_id=slot_id))


def book_appointment(
    uow: UnitOfWork, reference: str, slot_id: int, *, key: str, said_aloud: bool = False
) -> int:
    """Take a seat for a demand. The same form sent twice takes one. Returns the appointment's id.

    Args:
        said_aloud: the usager was there or on the telephone, and was told.

    Raises:
        NotFound: no such case or slot, or out of reach.
        Conflict: the last seat went while they were talking; the hour has passed; or it is not proposed to
            that demand.
    """
    case = one_case(uow.session, uow.actor, reference)
    require(uow.actor, Permission.APPOINTMENT_BOOK, case)
    known = uow.session.scalar(sa.select(_A.id).where(_A.key == key, _A.case_id == case.id))
    if known is not None:
        return int(known)
    slot = _hold_slot(uow, slot_id)
    row = Appointment(
        key=key,
        slot_id=slot.id,
        seat=_free_seat(uow, slot, case),
        case_id=case.id,
        state=AppointmentState.BOOKED,
        booked_at=uow.now,
        booked_by_id=uow.actor.id,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        AppointmentBooked(
            subject_id=case.id,
            appointment_id=row.id,
            starts_at=slot.starts_at.isoformat(),
            meeting=slot.meeting,
            said_aloud=said_aloud,
        )
    )
    return row.id


def move_appointment(uow: UnitOfWork, appointment_id: int, slot_id: int, *, said_aloud: bool = False) -> None:
    """Another moment, for the same demand; the seat that is left is free at once. `said_aloud`: as above.

    Raises:
        NotFound.
        Conflict: that moment is not free any more, or is not proposed to that demand.
        IllegalStep: it took place, was missed or was cancelled.
    """
    row, case = _hold(uow, appointment_id)
    require(uow.actor, _right(uow.actor), case)
    left = _still_booked(uow, row, "move")
    slot = _hold_slot(uow, slot_id)
    if slot.id == row.slot_id:
        return
    row.seat = _free_seat(uow, slot, case)
    row.slot_id, row.moves, row.reminded_at = slot.id, row.moves + 1, None
    uow.session.flush()
    uow.record(
        AppointmentMoved(
            subject_id=case.id,
            appointment_id=row.id,
            starts_at=slot.starts_at.isoformat(),
            left_at=left.starts_at.isoformat(),
            said_aloud=said_aloud or uow.actor.kind == "resident",
        )
    )


def cancel_appointment(uow: UnitOfWork, appointment_id: int) -> None:
    """Raises NotFound, or IllegalStep when it took place. Cancelled twice is cancelled once."""
    row, case = _hold(uow, appointment_id)
    require(uow.actor, _right(uow.actor), case)
    if row.state == AppointmentState.CANCELLED:
        return
    slot = _still_booked(uow, row, "cancel")
    row.state, row.ended_at, row.moves = AppointmentState.CANCELLED, uow.now, row.moves + 1
    uow.record(_told(AppointmentCancelled, row, slot))


def cancel_to_come(uow: UnitOfWork, case_id: int) -> None:
    """All that a demand still had."""
    for card in appointments_to_come(uow.session, case_id, uow.now):
        cancel_appointment(uow, card.id)


def note_presence(uow: UnitOfWork, appointment_id: int, *, came: bool) -> None:
    """They came, or nobody did. It may be corrected.

    Raises:
        NotFound.
        IllegalStep: it was cancelled, or has not begun.
    """
    row, case = _hold(uow, appointment_id)
    require(uow.actor, Permission.APPOINTMENT_BOOK, case)
    slot = uow.session.get_one(Slot, row.slot_id)
    if row.state == AppointmentState.CANCELLED or slot.starts_at > uow.now:
        raise IllegalStep(verb="note", state=row.state)
    wanted = AppointmentState.KEPT if came else AppointmentState.MISSED
    if row.state == wanted:
        return
    row.state, row.ended_at = wanted, uow.now
    uow.record(_told(AppointmentKept if came else AppointmentMissed, row, slot))


def remind_of_tomorrow(uow: UnitOfWork) -> int:
    """Who is expected tomorrow is to be reminded, once, but of a demand cancelled. Returns how many."""
    require(uow.actor, Permission.MESSAGE_SEND)
    first = datetime.combine(uow.now.astimezone(PARIS).date() + timedelta(days=1), time(), tzinfo=PARIS)
    due = (
        sa.select(Appointment, Slot)
        .join(Slot, _S.id == _A.slot_id)
        .join(Case, Case.id == _A.case_id)
        .where(_A.state == AppointmentState.BOOKED, _A.reminded_at.is_(None))
        .where(Case.state != CaseState.CANCELLED)
        .where(_S.starts_at >= first, _S.starts_at < first + timedelta(days=1))
        .with_for_update(of=Appointment, skip_locked=True)
    )
    rows = uow.session.execute(due).all()
    for row, slot in rows:
        row.reminded_at = uow.now
        uow.record(_told(AppointmentNear, row, slot))
    return len(rows)


def note_told(uow: UnitOfWork, appointment_id: int, interaction_id: int) -> None:
    """This message carries the invitation as the appointment stands now."""
    require(uow.actor, Permission.MESSAGE_SEND)
    uow.session.execute(
        sa.update(Appointment)
        .where(_A.id == appointment_id)
        .values(told_id=interaction_id)
        .execution_options(synchronize_session=False)
    )


def _own(actor: Actor, unit_id: int | None, insee: str | None) -> None:
    if everywhere(actor, Permission.APPOINTMENT_BOOK) or unit_id in actor.unit_ids or insee in actor.places:
        return
    raise NotAllowed(permission=Permission.SLOT_OPEN)


def _right(actor: Actor) -> Permission:
    return Permission.CASE_FOLLOW_UP if actor.kind == "resident" else Permission.APPOINTMENT_BOOK


def _hold(uow: UnitOfWork, appointment_id: int) -> tuple[Appointment, CaseSheet]:
    row = uow.session.scalar(sa.select(Appointment).where(_A.id == appointment_id).with_for_update())
    if row is None:
        raise NotFound(appointment=appointment_id)
    return row, case_by_id(uow.session, row.case_id)


def _still_booked(uow: UnitOfWork, row: Appointment, verb: str) -> Slot:
    """The slot it is at."""
    slot = uow.session.get_one(Slot, row.slot_id)
    if row.state != AppointmentState.BOOKED or slot.starts_at <= uow.now:
        raise IllegalStep(verb=verb, state=row.state)
    return slot


def _hold_slot(uow: UnitOfWork, slot_id: int) -> Slot:
    """Whoever else wants a seat of it waits for our commit, and then sees what is left."""
    slot = uow.session.scalar(sa.select(Slot).where(_S.id == slot_id).with_for_update())
    if slot is None:
        raise NotFound(slot=slot_id)
    return slot


def _taken(uow: UnitOfWork, slot_id: int) -> set[int]:
    seats = sa.select(_A.seat).where(_A.slot_id == slot_id, _A.state != AppointmentState.CANCELLED)
    return set(uow.session.scalars(seats))


def _free_seat(uow: UnitOfWork, slot: Slot, case: CaseSheet) -> int:
    taken = _taken(uow, slot.id)
    free = next((seat for seat in range(slot.seats) if seat not in taken), None)
    offered = uow.session.scalar(sa.select(_S.id).where(_S.id == slot.id, offered_to(case, uow.now)))
    if free is None or offered is None:
        raise Conflict(slot=slot.id)
    return free


def _told(
    event: type[AppointmentCancelled | AppointmentNear | AppointmentKept | AppointmentMissed],
    row: Appointment,
    slot: Slot,
) -> AppointmentCancelled | AppointmentNear | AppointmentKept | AppointmentMissed:
    return event(subject_id=row.case_id, appointment_id=row.id, starts_at=slot.starts_at.isoformat())
