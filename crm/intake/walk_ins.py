"""People who wait at a counter: a number of the day if the mairie gives any, then a demand, or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import PARIS, Actor, Event, NotAllowed, NotFound, UnitOfWork
from crm.intake.models import WalkIn

_W = cast(sa.Table, WalkIn.__table__).c


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInArrived(Event):
    kind: ClassVar[str] = "walk_in.arrived"
    subject_kind: ClassVar[str] = "walk_in"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInSeen(Event):
    kind: ClassVar[str] = "walk_in.seen"
    subject_kind: ClassVar[str] = "walk_in"
    number: int


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    id: int
    number: int
    arrived_at: datetime


def give_number(uow: UnitOfWork, insee: str) -> int:
    """The next of the day at this counter; two agents at once give two."""
    require(uow.actor, Permission.CASE_CREATE)
    _own(uow.actor, insee)
    day = _day(uow.now)
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"walk_in {insee}", 0))
    uow.session.execute(sa.select(lock))
    last = uow.session.scalar(sa.select(sa.func.max(_W.number)).where(_W.insee == insee, _W.day == day)) or 0
    row = WalkIn(insee=insee, day=day, number=last + 1, arrived_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    uow.record(WalkInArrived(subject_id=row.id, number=row.number))
    return row.number


def see_walk_in(uow: UnitOfWork, walk_in_id: int) -> int:
    """Somebody receives them, or they left. Returns their number. Raises NotFound: received already."""
    require(uow.actor, Permission.CASE_CREATE)
    held = sa.select(WalkIn).where(_W.id == walk_in_id, _W.seen_at.is_(None)).with_for_update()
    row = uow.session.scalars(held).one_or_none()
    if row is None:
        raise NotFound(walk_in=walk_in_id)
    _own(uow.actor, row.insee)
    row.seen_at = uow.now
    uow.record(WalkInSeen(subject_id=row.id, number=row.number))
    return row.number


def walk_in_asked(uow: UnitOfWork, walk_in_id: int, case_id: int) -> None:
    """This demand is theirs: its receipt bears their number. One who is not of this counter is left alone."""
    require(uow.actor, Permission.CASE_CREATE)
    row = uow.session.get(WalkIn, walk_in_id)
    if row is not None and row.insee in uow.actor.places and row.case_id is None:
        row.case_id = case_id


def people_waiting(session: Session, insee: str, now: datetime, *, limit: int = 50) -> list[WaitingPerson]:
    """Today's, who came first before."""
    query = sa.select(_W.id, _W.number, _W.arrived_at).where(
        _W.insee == insee, _W.day == _day(now), _W.seen_at.is_(None)
    )
    return [WaitingPerson(*row) for row in session.execute(query.order_by(_W.number).limit(limit))]


def number_of_case(session: Session, case_id: int) -> int | None:
    return session.scalar(sa.select(_W.number).where(_W.case_id == case_id).order_by(_W.id).limit(1))


def _own(actor: Actor, insee: str) -> None:
    if insee not in actor.places:
        raise NotAllowed(permission=Permission.CASE_CREATE)


def _day(now: datetime) -> date:
    return now.astimezone(PARIS).date()
