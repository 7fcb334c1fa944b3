"""An agent leaves: their free seats are proposed no more; the taken ones go to a colleague or the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.appointments.agents_held import receives_then
from crm.appointments.events import SlotWithdrawn
from crm.appointments.models import Appointment, AppointmentState, Slot
from crm.foundation import UnitOfWork
from crm.staff import team_of

_S, _A = (cast(sa.Table, entity.__table__).c for entity in (Slot, Appointment))
_IS_TAKEN = _A.state != AppointmentState.CANCELLED


def seats_held(session: Session, agent_id: int, now: datetime) -> tuple[int, int]:
    """Of the moments to come at which this agent receives: how many are taken, how many are free."""
    held = sa.select(sa.func.count()).select_from(Slot).where(_to_come(agent_id, now))
    theirs = sa.and_(_A.slot_id == _S.id, _IS_TAKEN, _S.agent_ids[_A.seat + 1] == agent_id)
    taken = session.scalar(held.join(Appointment, theirs)) or 0
    return taken, (session.scalar(held) or 0) - taken


def give_seats_to(uow: UnitOfWork, agent_id: int, heir_id: int | None) -> None:
    """A colleague of the same service receives, if they receive nobody else then; else nobody is named."""
    require(uow.actor, Permission.STAFF_MANAGE)
    held = sa.select(Slot).where(_to_come(agent_id, uow.now)).order_by(_S.id).with_for_update()
    for slot in uow.session.scalars(held).all():
        seat = slot.agent_ids.index(agent_id)
        after = sa.select(Appointment).where(_A.slot_id == slot.id, _IS_TAKEN, _A.seat >= seat)
        rows = uow.session.scalars(after.order_by(_A.seat)).all()
        agents = list(slot.agent_ids)
        if rows and rows[0].seat == seat:
            agents[seat] = heir_id if _may_receive(uow, heir_id, slot) else None
        else:
            del agents[seat]
            _drop_seat(uow, slot, rows)
        slot.agent_ids = agents
        uow.session.flush()


def _drop_seat(uow: UnitOfWork, slot: Slot, after: Sequence[Appointment]) -> None:
    """Those who follow move up, one by one: two are never on one seat."""
    for row in after:
        row.seat -= 1
        uow.session.flush()
    if slot.seats > 1:
        slot.seats -= 1
    else:
        slot.withdrawn_at = uow.now
        uow.record(SlotWithdrawn(subject_id=slot.id))


def _may_receive(uow: UnitOfWork, heir_id: int | None, slot: Slot) -> bool:
    if heir_id is None or slot.unit_id is None or heir_id not in team_of(uow.session, slot.unit_id):
        return False
    return not receives_then(uow, heir_id, slot)


def _to_come(agent_id: int, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_S.agent_ids.contains([agent_id]), _S.starts_at > now, _S.withdrawn_at.is_(None))
