"""What waits, counted and listed by the same conditions: a figure and its list cannot disagree.

Only open cases are read, by the partial indexes of the work lists: what ended costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases import Case, CaseState
from crm.cases.lifecycle import WITH_UNIT
from crm.foundation import Actor
from crm.reporting.moments import AGES, Moments

_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C
_TITLE = 140
_S = CaseState

# The queues, in the order in which a case goes through them.
FILES: Mapping[str, tuple[CaseState, ...]] = {
    "a-qualifier": (_S.REGISTERED,),
    "nouvelles": (_S.ASSIGNED,),
    "en-cours": (_S.IN_PROGRESS, _S.SCHEDULED),
    "attente-usager": (_S.WAITING_REQUESTER,),
    "attente-partenaire": (_S.WAITING_THIRD_PARTY,),
    "reponses": (_S.RESOLVED,),
}
_FILE_OF = {state: code for code, states in FILES.items() for state in states}
_TO_WORK = _C.state.in_(sorted(WITH_UNIT))
_NOW = sa.bindparam("now", type_=_C.due_at.type)
FIGURES: Mapping[str, sa.ColumnElement[bool]] = {
    "retard": sa.and_(_TO_WORK, _C.due_at < _NOW),
    "bientot": sa.and_(_TO_WORK, _C.due_at >= _NOW, _C.due_at < sa.bindparam("soon", type_=_C.due_at.type)),
    "urgences": sa.and_(_C.priority == 1, _C.state.in_([_S.REGISTERED, _S.ASSIGNED])),
    "rouvertes": _C.reopen_count > 0,
    "contestees": sa.and_(_C.contested_at.is_not(None), _C.state != _S.RESOLVED),
}
_AGE = sa.case(
    *(
        (_C.received_at >= sa.bindparam(since, type_=_C.received_at.type), age)
        for since, age in zip(("one", "five", "ten"), AGES, strict=False)
    ),
    else_=AGES[-1],
)


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits in one queue or one unit.

    Args:
        key: a queue's code or a unit's id.
        ages: one number for each of AGES.
    """

    key: str | int
    ages: tuple[int, ...]
    late: int
    soon: int

    @property
    def waiting(self) -> int:
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Args:
    units: those that have something, the latest first.
    figures: one number for each of FIGURES.
    """

    files: list[Pile]
    units: list[Pile]
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """One line of a figure's list."""

    id: int
    reference: str
    title: str
    category_code: str | None
    state: CaseState
    priority: int
    place_label: str
    insee: str | None
    unit_id: int | None
    due_at: datetime
    received_at: datetime
    reopen_count: int


@dataclass(frozen=True, slots=True)
class Passed:
    """Where a page of the list ended."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Of what waits, which part; empty: all of it."""

    figure: str = ""
    file: str = ""
    age: str = ""
    unit_id: int | None = None


_COUNTS = sa.select(
    _C.unit_id,
    _C.state,
    _AGE.label("age"),
    sa.func.count().label("waiting"),
    *(sa.func.count().filter(condition).label(code) for code, condition in FIGURES.items()),
)
_COLUMNS = [
    sa.func.left(_C.object, _TITLE).label("title") if f.name == "title" else _C[f.name]
    for f in fields(WaitingCase)
]


def waiting(session: Session, actor: Actor, at: Moments) -> Waiting:
    """All that waits within the actor's reach. One statement."""
    require(actor, Permission.BOARD_VIEW)
    query = _COUNTS.where(_open(actor)).group_by(_C.unit_id, _C.state, sa.literal_column("age"))
    rows = session.execute(query, _bound(at)).all()
    by_file = {code: [row for row in rows if _FILE_OF[row.state] == code] for code in FILES}
    by_unit: dict[int, list[Any]] = {}
    for row in rows:
        if row.unit_id is not None:
            by_unit.setdefault(row.unit_id, []).append(row)
    units = [_pile(unit_id, held) for unit_id, held in by_unit.items()]
    return Waiting(
        files=[_pile(code, held) for code, held in by_file.items()],
        units=sorted(units, key=lambda pile: (-pile.late, -pile.waiting, pile.key)),
        figures={code: sum(getattr(row, code) for row in rows) for code in FIGURES},
    )


def waiting_cases(
    session: Session, actor: Actor, which: Which, at: Moments, *, after: Passed | None = None, limit: int = 50
) -> list[WaitingCase]:
    """The list behind a figure, the nearest due date first. One statement."""
    require(actor, Permission.BOARD_VIEW)
    query = sa.select(*_COLUMNS).where(_open(actor), *_of(which)).order_by(_C.due_at, _C.id).limit(limit)
    if after is not None:
        query = query.where(sa.tuple_(_C.due_at, _C.id) > sa.tuple_(after.due_at, after.id))
    rows = session.execute(query, _bound(at))
    return [WaitingCase(**{**row._asdict(), "state": CaseState(row.state)}) for row in rows]


def _open(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(_C.closed_at.is_(None), visible(actor, _SEEN, Permission.BOARD_VIEW))


def _bound(at: Moments) -> dict[str, datetime]:
    return {"now": at.now, "soon": at.soon, "one": at.one, "five": at.five, "ten": at.ten}


def _of(which: Which) -> Iterable[sa.ColumnElement[bool]]:
    if which.figure:
        yield FIGURES[which.figure]
    if which.file:
        yield _C.state.in_(FILES[which.file])
    if which.age:
        yield sa.literal(which.age) == _AGE
    if which.unit_id is not None:
        yield _C.unit_id == which.unit_id


def _pile(key: str | int, rows: list[Any]) -> Pile:
    ages = tuple(sum(row.waiting for row in rows if row.age == age) for age in AGES)
    return Pile(key, ages, sum(row.retard for row in rows), sum(row.bientot for row in rows))
