"""Running clocks under another calendar: gone through in rounds, each its own transaction; killed in the
middle, it goes on where it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import UnitOfWork
from crm.promises.case_facts import CaseFacts
from crm.promises.clocks import RECKONED, Clock, Nature, Reckoning, reckoned_again
from crm.promises.facts import facts_of
from crm.promises.keeping import kept_clocks, write_clocks
from crm.promises.models import CalendarVersion, CaseClock
from crm.promises.reminding import with_next

A_ROUND = 2000  # cases
_K, _C = (cast(sa.Table, entity.__table__).c for entity in (CaseClock, Case))


def _waiting(by: Reckoning, now: datetime) -> sa.Select[Any]:
    """Clocks that run, are not late, and that a rule dated by another version than they ought to go by."""
    wanted = _wanted(by)
    return sa.select(_K.case_id, _K.due_at, wanted.label("version")).where(
        _K.met_at.is_(None),
        _K.ended_at.is_(None),
        _K.due_at > now,
        _K.rule.in_(sorted(RECKONED)),
        _K.calendar_version != wanted,
    )


def _wanted(by: Reckoning) -> sa.ColumnElement[int]:
    """`Reckoning.bearing_on` in SQL. The case is looked up for the few clocks that depend on its unit."""
    if not by.units:
        return sa.literal(by.version)
    unit_id = sa.select(_C.unit_id).where(_C.id == _K.case_id).scalar_subquery()
    own = sa.case(
        {id_: one.version for id_, one in by.units.items()},
        value=unit_id,
        else_=by.version,
    )
    return sa.case((_K.nature == Nature.ACCEPTANCE, own), else_=by.version)


def clocks_to_reckon(session: Session, by: Reckoning, now: datetime) -> dict[int, int]:
    """Version → how many clocks have yet to go by it."""
    waiting = _waiting(by, now).subquery()
    counted = sa.select(waiting.c.version, sa.func.count()).group_by(waiting.c.version)
    return {row[0]: row[1] for row in session.execute(counted)}


def expect_reckoning(session: Session, by: Reckoning, now: datetime) -> None:
    """Note how much there is to do, as a calendar is published or given to a unit."""
    waiting = clocks_to_reckon(session, by, now)
    for row in session.scalars(sa.select(CalendarVersion).where(CalendarVersion.version.in_(waiting))):
        row.to_reckon, row.reckoned_at = row.reckoned + waiting[row.version], None


def reckon_round(uow: UnitOfWork, by: Reckoning) -> int:
    """Reckon one round of them again. Returns how many clocks remain; at 0 the versions are done with."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    waiting = _waiting(by, uow.now).subquery()
    some = sa.select(waiting.c.case_id).order_by(waiting.c.due_at, waiting.c.case_id).limit(A_ROUND)
    found = sorted(set(uow.session.scalars(some)))
    if found:
        kept = kept_clocks(uow.session, found)
        facts = facts_of(uow.session, found)
        made = {
            id_: [
                moved for clock in kept[id_].values() if (moved := _again(uow, one, by, clock)) is not clock
            ]
            for id_, one in facts.items()
        }
        write_clocks(uow.session, facts, made)
    return _note(uow, by)


def _again(uow: UnitOfWork, facts: CaseFacts, by: Reckoning, clock: Clock) -> Clock:
    if clock.calendar_version == by.bearing_on(clock.nature, facts).version:
        return clock
    moved = reckoned_again(clock, facts, by, uow.now)
    return moved if moved is clock else with_next(moved, facts, by, uow.now, is_new=False)


def _note(uow: UnitOfWork, by: Reckoning) -> int:
    left = clocks_to_reckon(uow.session, by, uow.now)
    in_force = {by.version, *(own.version for own in by.units.values())}
    unfinished = sa.select(CalendarVersion).where(
        CalendarVersion.version.in_(in_force), CalendarVersion.reckoned_at.is_(None)
    )
    for row in uow.session.scalars(unfinished):
        remain = left.get(row.version, 0)
        row.reckoned = max(row.to_reckon - remain, 0)
        row.reckoned_at = uow.now if remain == 0 else None
    return sum(left.values())
