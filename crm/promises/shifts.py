"""Who is on call for a unit, from one moment to another: planned on screen, asked when something cannot
wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, require
from crm.contacts import normalise_phone
from crm.foundation import Actor, Invalid, NotFound, UnitOfWork
from crm.promises.events import ShiftPlanned, ShiftWithdrawn
from crm.promises.models import OnCallShift
from crm.staff import Agent, standing_by

LONGEST_SHIFT = timedelta(days=31)
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class OfUnit:
    """A unit, as what a right may reach."""

    unit_id: int | None
    insee: str | None = None
    origin_insee: str | None = None
    responsible_insee: str | None = None
    readers: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    id: int
    unit_id: int
    agent_id: int
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime


def shifts(session: Session, actor: Actor, now: datetime, unit_id: int | None = None) -> list[ShiftLine]:
    """Those that run or are to come, of the units whose on-call the actor plans."""
    query = (
        sa.select(
            OnCallShift.id, OnCallShift.unit_id, OnCallShift.agent_id,
            (Agent.first_name + " " + Agent.last_name), OnCallShift.phone, OnCallShift.starts_at,
            OnCallShift.ends_at,
        )
        .join(Agent, Agent.id == OnCallShift.agent_id)
        .where(OnCallShift.ends_at > now)
        .order_by(OnCallShift.starts_at, OnCallShift.id)
    )  # fmt: skip
    if not everywhere(actor, Permission.ON_CALL_PLAN):
        query = query.where(OnCallShift.unit_id.in_(actor.own_units))
    if unit_id is not None:
        query = query.where(OnCallShift.unit_id == unit_id)
    return [ShiftLine(*row) for row in session.execute(query)]


def plan_shift(
    uow: UnitOfWork,
    unit_id: int,
    *,
    agent_id: int,
    phone: str,
    starts_at: datetime,
    ends_at: datetime,
    weeks: int = 1,
) -> None:
    """Say who is called for a unit, from one moment to another; the same hours again for some weeks.

    Raises:
        Invalid: nobody who may be on call, no telephone number, hours that are no shift.
    """
    _require_planner(uow.actor, unit_id)
    wrong: dict[str, str] = {}
    if agent_id not in standing_by(uow.session, unit_id):
        wrong["agent_id"] = "unknown"
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT or ends_at <= uow.now:
        wrong["ends_at"] = "ends_first"
    if not 1 <= weeks <= MOST_WEEKS:
        wrong["weeks"] = "not_a_number"
    number = normalise_phone(phone).e164 if phone.strip() else ""
    if number is None:
        wrong["phone"] = "no_digit"
    if wrong:
        raise Invalid(wrong)
    for rank in range(weeks):
        row = OnCallShift(
            unit_id=unit_id,
            agent_id=agent_id,
            phone=number or "",
            starts_at=_weeks_later(starts_at, rank),
            ends_at=_weeks_later(ends_at, rank),
        )
        uow.session.add(row)
        uow.session.flush()
        uow.record(ShiftPlanned(subject_id=unit_id, shift_id=row.id))


def _require_planner(actor: Actor, unit_id: int) -> None:
    """To be called for a unit gives its demands for that time, not the say in who is called next."""
    require(replace(actor, unit_ids=actor.own_units), Permission.ON_CALL_PLAN, OfUnit(unit_id))


def _weeks_later(moment: datetime, weeks: int) -> datetime:
    """At the same hour of the wall, whatever clocks do in between: `moment` bears its zone."""
    return moment + timedelta(weeks=weeks)


def withdraw_shift(uow: UnitOfWork, shift_id: int) -> None:
    """Raises NotFound."""
    row = uow.session.get(OnCallShift, shift_id)
    if row is None:
        raise NotFound(shift=shift_id)
    _require_planner(uow.actor, row.unit_id)
    uow.session.delete(row)
    uow.record(ShiftWithdrawn(subject_id=row.unit_id, shift_id=shift_id))
