"""Running clocks under another calendar: gone through in rounds, each its own transaction; killed in the
middle, it goes on where it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.promises.clocks import RECKONED, CaseFacts, Clock, Reckoning, reckoned_again
from crm.promises.facts import facts_of
from crm.promises.keeping import kept_clocks, write_clocks
from crm.promises.models import CalendarVersion, CaseClock
from crm.promises.reminding import with_next

A_ROUND = 2000  # cases
_K = cast(sa.Table, CaseClock.__table__).c


def _waiting(version: int, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        _K.met_at.is_(None),
        _K.ended_at.is_(None),
        _K.due_at > now,
        _K.rule.in_(sorted(RECKONED)),
        _K.calendar_version < version,
    )


def clocks_to_reckon(session: Session, version: int, now: datetime) -> int:
    """How many clocks another calendar bears on: they run, are not late, and a rule gave their date."""
    return (
        session.scalar(sa.select(sa.func.count()).select_from(CaseClock).where(_waiting(version, now))) or 0
    )


def reckon_round(uow: UnitOfWork, by: Reckoning) -> int:
    """Reckon one round of them again. Returns how many clocks remain; at 0 the version is done with."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    some = (
        sa.select(_K.case_id)
        .where(_waiting(by.version, uow.now))
        .order_by(_K.due_at, _K.case_id)
        .limit(A_ROUND)
    )
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
    return _note(uow, by.version)


def _again(uow: UnitOfWork, facts: CaseFacts, by: Reckoning, clock: Clock) -> Clock:
    moved = reckoned_again(clock, facts, by, uow.now)
    return moved if moved is clock else with_next(moved, facts, by, uow.now, is_new=False)


def _note(uow: UnitOfWork, version: int) -> int:
    left = clocks_to_reckon(uow.session, version, uow.now)
    row = uow.session.get(CalendarVersion, version)
    if row is not None:
        row.reckoned = max(row.to_reckon - left, 0)
        row.reckoned_at = uow.now if left == 0 else None
    return left
