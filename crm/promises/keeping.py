"""Clocks follow what happens: the cases whose facts are new are derived again, many at a time.

Nothing is written as a case is opened. What commits late is seen all the same, since each round looks again
at the last minutes; what nobody recorded (a case brought in from another tool) is taken up as it is found
open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case
from crm.foundation import EventRow, UnitOfWork
from crm.promises.case_facts import CaseFacts
from crm.promises.clocks import Clock, Nature, Reckoning, clocks_of
from crm.promises.facts import facts_of
from crm.promises.models import CaseClock, ClockFollower
from crm.promises.notices import settle_all
from crm.promises.reminding import kinds_of, with_next

A_ROUND = 1000  # cases
_AGAIN = timedelta(minutes=10)  # a transaction may last: what it wrote bears the moment at which it began
_TABLE = cast(sa.Table, CaseClock.__table__)
_K, _C, _E = (cast(sa.Table, entity.__table__).c for entity in (CaseClock, Case, EventRow))
_FIELDS = (
    "started_at",
    "base_due_at",
    "due_at",
    "met_at",
    "ended_at",
    "rule",
    "calendar_version",
    "told",
    "next_at",
)
_WRITE = sa.text(
    """INSERT INTO case_clocks AS k (case_id, nature, started_at, base_due_at, due_at, met_at, ended_at, rule,
         calendar_version, told, next_at, seen_event)
    SELECT * FROM unnest(CAST(:case_id AS bigint[]), CAST(:nature AS text[]),
         CAST(:started_at AS timestamptz[]), CAST(:base_due_at AS timestamptz[]),
         CAST(:due_at AS timestamptz[]), CAST(:met_at AS timestamptz[]), CAST(:ended_at AS timestamptz[]),
         CAST(:rule AS text[]), CAST(:calendar_version AS integer[]), CAST(:told AS smallint[]),
         CAST(:next_at AS timestamptz[]), CAST(:seen_event AS bigint[]))
    ON CONFLICT (case_id, nature) DO UPDATE SET (started_at, base_due_at, due_at, met_at, ended_at, rule,
         calendar_version, told, next_at, seen_event) = (excluded.started_at, excluded.base_due_at,
         excluded.due_at, excluded.met_at, excluded.ended_at, excluded.rule, excluded.calendar_version,
         excluded.told, excluded.next_at, excluded.seen_event)"""
)
_MOVE = sa.text(
    """UPDATE cases AS c SET due_at = g.due
    FROM unnest(CAST(:ids AS bigint[]), CAST(:seen AS timestamptz[]), CAST(:due AS timestamptz[]))
         AS g(id, seen, due)
    WHERE c.id = g.id AND c.due_at = g.seen"""
)


def follow_facts(uow: UnitOfWork, by: Reckoning) -> int:
    """Derive again the clocks of one round of cases to which something happened. Returns how many cases."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    session = uow.session
    since = session.scalar(sa.select(ClockFollower.seen_until)) or uow.now
    fresh = _happened(session, since - _AGAIN)
    keep_clocks(uow, by, fresh)
    if len(fresh) < A_ROUND:
        _note_followed(session, uow.now)
    return len(fresh)


def take_up(uow: UnitOfWork, by: Reckoning) -> int:
    """Clocks for one round of open cases that have none. Returns how many cases."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    known = sa.select(_K.case_id).where(_K.case_id == _C.id).exists()
    found = uow.session.scalars(
        sa.select(_C.id).where(_C.closed_at.is_(None), ~known).order_by(_C.id).limit(A_ROUND)
    ).all()
    keep_clocks(uow, by, found)
    return len(found)


def _happened(session: Session, since: datetime) -> list[int]:
    """Cases of which a fact is newer than their clocks, those that have none included."""
    last = (
        sa.select(_E.subject_id, sa.func.max(_E.id).label("id"))
        .where(_E.at >= since, _E.subject_kind == "case", _E.subject_id > 0)
        .group_by(_E.subject_id)
        .subquery()
    )
    seen = sa.select(_K.seen_event).where(_K.case_id == last.c.subject_id, _K.nature == Nature.RECEIPT)
    query = (
        sa.select(last.c.subject_id)
        .join(Case, _C.id == last.c.subject_id)
        .where(sa.func.coalesce(seen.scalar_subquery(), 0) < last.c.id)
        .order_by(last.c.id)
        .limit(A_ROUND)
    )
    return list(session.scalars(query))


def _note_followed(session: Session, until: datetime) -> None:
    noted = postgresql.insert(ClockFollower).values(id=True, seen_until=until)
    session.execute(noted.on_conflict_do_update(index_elements=["id"], set_={"seen_until": until}))


def keep_clocks(uow: UnitOfWork, by: Reckoning, case_ids: Collection[int]) -> None:
    """Derive and keep the clocks of these cases; the date we work to follows, where it moved."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    if not case_ids:
        return
    kept = kept_clocks(uow.session, case_ids)
    facts = facts_of(uow.session, case_ids)
    made = {
        id_: [
            with_next(clock, one, by, uow.now, is_new=id_ not in kept)
            for clock in clocks_of(one, by, kept.get(id_, {}))
        ]
        for id_, one in facts.items()
    }
    write_clocks(uow.session, facts, made)
    forget_gone(uow, kept, made)


def kept_clocks(session: Session, case_ids: Collection[int]) -> dict[int, dict[Nature, Clock]]:
    """Held until the end of the transaction: whoever derives them too waits."""
    query = (
        sa.select(_TABLE).where(_K.case_id.in_(case_ids)).order_by(_K.case_id, _K.nature).with_for_update()
    )
    found: dict[int, dict[Nature, Clock]] = {}
    for row in session.execute(query):
        clock = clock_of(row)
        found.setdefault(row.case_id, {})[clock.nature] = clock
    return found


def clock_of(row: Any) -> Clock:
    return Clock(nature=Nature(row.nature), **{name: getattr(row, name) for name in _FIELDS})


def write_clocks(
    session: Session, facts: Mapping[int, CaseFacts], made: Mapping[int, Iterable[Clock]]
) -> None:
    """One statement for all of them, one more where dates moved: a round is thousands of rows."""
    rows = [(id_, facts[id_].seen_event, clock) for id_, clocks in sorted(made.items()) for clock in clocks]
    if not rows:
        return
    columns: dict[str, list[Any]] = {name: [getattr(row[2], name) for row in rows] for name in _FIELDS}
    columns["case_id"] = [row[0] for row in rows]
    columns["nature"] = [str(row[2].nature) for row in rows]
    columns["seen_event"] = [row[1] for row in rows]
    session.execute(_WRITE, columns)
    _move_dates(session, facts, made)


def _move_dates(
    session: Session, facts: Mapping[int, CaseFacts], made: Mapping[int, Iterable[Clock]]
) -> None:
    """The date we work to is the one derived; unless somebody gave another meanwhile."""
    moved = [
        (id_, facts[id_].due_at, clock.due_at)
        for id_, clocks in made.items()
        for clock in clocks
        if clock.nature is Nature.RESOLUTION and clock.runs and clock.due_at != facts[id_].due_at
    ]
    if moved:
        ids, seen, due = (list(column) for column in zip(*moved, strict=True))
        session.connection().execute(_MOVE, {"ids": ids, "seen": seen, "due": due})


def forget_gone(
    uow: UnitOfWork, kept: Mapping[int, Mapping[Nature, Clock]], made: Mapping[int, Iterable[Clock]]
) -> None:
    """A clock whose reason is gone: given back by its unit, nobody is to accept it any more. Of what has
    stopped or begun anew, nobody's bell or mail speaks any more.
    """
    now = {(id_, clock.nature): clock for id_, clocks in made.items() for clock in clocks}
    before = {(id_, nature): clock for id_, clocks in kept.items() for nature, clock in clocks.items()}
    if gone := [(id_, str(nature)) for id_, nature in before.keys() - now.keys()]:
        uow.session.execute(sa.delete(CaseClock).where(sa.tuple_(_K.case_id, _K.nature).in_(gone)))
    for nature in Nature:
        stopped = [
            id_
            for (id_, of), clock in before.items()
            if of is nature and clock.runs and not _goes_on(clock, now.get((id_, of)))
        ]
        if stopped and (kinds := kinds_of(nature)):
            settle_all(uow, stopped, kinds)


def _goes_on(before: Clock, now: Clock | None) -> bool:
    return now is not None and now.runs and now.started_at == before.started_at
