"""What a commune asks of the demands on its ground: ended lately, of a period, the figures of a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.lifecycle import WITH_UNIT, CaseState
from crm.cases.models import Case
from crm.foundation import PARIS, Actor

LONGEST_LIST = 2000
_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """One demand without a word of whoever made it: neither their name nor what they typed."""

    reference: str
    state: CaseState
    category_code: str | None
    priority: int
    place_label: str
    unit_id: int | None
    received_at: datetime
    due_at: datetime
    planned_on: date | None
    closed_at: datetime | None
    outcome: str | None


_LINE = sa.select(
    _C.reference, _C.state, _C.category_code, _C.priority, _C.place_label, _C.unit_id,
    _C.received_at, _C.due_at, _C.planned_on, _C.closed_at, _C.outcome,
)  # fmt: skip
# Demands that bear on nobody but their author are no matter for a list.
_PLACED = _C.place_precision.in_(("exact", "street", "commune"))


def _lines(session: Session, query: sa.Select[Any]) -> list[CommuneLine]:
    return [CommuneLine(**{**row._asdict(), "state": CaseState(row.state)}) for row in session.execute(query)]


def ended_lately(
    session: Session, actor: Actor, insee: str, since: datetime, *, limit: int
) -> list[CommuneLine]:
    """Closed since then on the ground of the commune, the latest first; within reach."""
    query = _LINE.where(_C.insee == insee, _C.closed_at >= since, visible(actor, _SEEN))
    return _lines(session, query.order_by(_C.closed_at.desc()).limit(limit))


def ended_count(session: Session, actor: Actor, insee: str, since: datetime) -> int:
    found = sa.select(sa.func.count()).where(_C.insee == insee, _C.closed_at >= since, visible(actor, _SEEN))
    return session.scalar(found) or 0


GROUPS: Mapping[str, sa.ColumnElement[bool]] = {
    "toutes": sa.true(),
    "ouvertes": _C.closed_at.is_(None),
    "en-retard": sa.and_(_C.closed_at.is_(None), _C.due_at < sa.bindparam("now")),
    "planifiees": _C.state == CaseState.SCHEDULED,
    "terminees": _C.state == CaseState.CLOSED,
}


def commune_demands(
    session: Session, actor: Actor, insee: str, *, since: datetime, until: datetime, group: str, now: datetime
) -> list[CommuneLine]:
    """Demands of a commune received in [since, until), latest first; within reach, LONGEST_LIST at most.

    Args:
        group: one of GROUPS.
    """
    query = _LINE.where(
        _C.insee == insee,
        _C.received_at >= since,
        _C.received_at < until,
        _C.state != CaseState.CANCELLED,
        _PLACED,
        GROUPS[group],
        visible(actor, _SEEN),
    )
    if group == "en-retard":
        query = query.params(now=now)
    return _lines(session, query.order_by(_C.received_at.desc(), _C.id.desc()).limit(LONGEST_LIST))


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of a week: how many, and the first of them."""

    count: int
    lines: Sequence[CommuneLine]


@dataclass(frozen=True, slots=True)
class CommuneWeek:
    """The week of a commune, as told on Monday."""

    new: Part
    closed: Part
    late: Part
    planned: Part
    waiting: Part

    def is_empty(self) -> bool:
        return not any(part.count for part in (self.new, self.closed, self.late, self.planned, self.waiting))


def commune_week(
    session: Session, insee: str, *, since: datetime, now: datetime, until: datetime, first: int = 8
) -> CommuneWeek:
    """For what the programme itself tells a commune of its own ground.

    Args:
        since: the Monday before; new and closed are counted from there to `now`.
        until: the Monday after; what is planned before it.
    """
    ground = sa.and_(
        _C.insee == insee, _PLACED, _C.readers.is_(None)
    )  # mails say nothing of what few may read
    still = sa.and_(ground, _C.closed_at.is_(None), _C.state.in_(sorted(WITH_UNIT)))
    days = (now.astimezone(PARIS).date(), until.astimezone(PARIS).date())

    def part(condition: sa.ColumnElement[bool], order: Any) -> Part:
        query = _LINE.add_columns(sa.func.count().over().label("all")).where(condition)
        rows = session.execute(query.order_by(order, _C.id).limit(first)).all()
        lines = [
            CommuneLine(
                **{**{k: v for k, v in row._asdict().items() if k != "all"}, "state": CaseState(row.state)}
            )
            for row in rows
        ]
        return Part(rows[0].all if rows else 0, lines)

    ours = sa.and_(ground, _C.closed_at.is_(None), _C.responsible_insee == insee)
    return CommuneWeek(
        new=part(
            sa.and_(ground, _C.received_at >= since, _C.received_at < now, _C.state != CaseState.CANCELLED),
            _C.received_at,
        ),
        closed=part(
            sa.and_(ground, _C.closed_at >= since, _C.closed_at < now, _C.state == CaseState.CLOSED),
            _C.closed_at,
        ),
        late=part(sa.and_(still, _C.due_at < now), _C.due_at),
        planned=part(sa.and_(still, _C.planned_on >= days[0], _C.planned_on < days[1]), _C.planned_on),
        waiting=part(sa.and_(ours, _C.state.in_((CaseState.ASSIGNED, CaseState.RESOLVED))), _C.due_at),
    )
