"""One problem, so many contacts: each person counts once, and the incident counts for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import visible
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case, Watcher
from crm.cases.together.models import Incident
from crm.foundation import Actor, NotFound

_MOST = 100
_STILL_SHOWN = timedelta(days=30)  # of those that are over


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident and the demand that it is about.

    Args:
        contacts: people, the first who asked included.
    """

    id: int
    case_id: int
    reference: str
    category_code: str | None
    insee: str | None
    place_label: str
    case_state: CaseState
    suspected_at: datetime
    declared_at: datetime | None
    declared_by_id: int | None
    valid_until: datetime | None
    ended_at: datetime | None
    announcement: str
    proposal: str
    contacts: int
    open_order_count: int
    unit_id: int | None

    def holds(self, now: datetime) -> bool:
        """Agents are to say it now."""
        said = self.ended_at is None and self.declared_at is not None
        return said and self.valid_until is not None and self.valid_until > now


_C: Any = cast(sa.Table, Case.__table__).c
_I: Any = cast(sa.Table, Incident.__table__).c
_W: Any = cast(sa.Table, Watcher.__table__).c
_PEOPLE = _C.follower_count + 1
_LINE = sa.select(
    _I.id, _I.case_id, _C.reference, _C.category_code, _C.insee, _C.place_label,
    _C.state.label("case_state"), _I.suspected_at, _I.declared_at, _I.declared_by_id, _I.valid_until,
    _I.ended_at, _I.announcement, _I.proposal, _PEOPLE.label("contacts"), _C.open_order_count, _C.unit_id,
).join_from(Incident.__table__, Case.__table__, _C.id == _I.case_id)  # fmt: skip


def incidents(session: Session, actor: Actor, now: datetime) -> list[IncidentLine]:
    """Those that go on, the latest first, then those over for less than a month. One statement."""
    lately = sa.or_(_I.ended_at.is_(None), _I.ended_at > now - _STILL_SHOWN)
    query = _LINE.where(lately, visible(actor, _C)).order_by(
        _I.ended_at.is_not(None), sa.func.coalesce(_I.declared_at, _I.suspected_at).desc(), _I.id.desc()
    )
    return [_line(row) for row in session.execute(query.limit(_MOST))]


def one_incident(session: Session, actor: Actor, incident_id: int) -> IncidentLine:
    """
    Raises:
        NotFound: no such incident, or its case is out of reach.
    """
    row = session.execute(_LINE.where(_I.id == incident_id, visible(actor, _C))).one_or_none()
    if row is None:
        raise NotFound(incident=incident_id)
    return _line(row)


def known_incidents(session: Session, actor: Actor, now: datetime, limit: int = 5) -> list[IncidentLine]:
    """Those that agents are to say now, the latest first; the same for colleagues. One statement."""
    said = sa.and_(_I.ended_at.is_(None), _I.declared_at.is_not(None), _I.valid_until > now)
    query = _LINE.where(said, _C.closed_at.is_(None), visible(actor.shared, _C)).order_by(
        _I.declared_at.desc()
    )
    return [_line(row) for row in session.execute(query.limit(limit))]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many incidents go on, and how many people they brought."""

    incidents: int
    contacts: int


def tally(session: Session, actor: Actor) -> Tally:
    """Declared, not over, within reach; the same for colleagues. One statement."""
    counts = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_PEOPLE), 0)).join_from(
        Incident.__table__, Case.__table__, _C.id == _I.case_id
    )
    going_on = sa.and_(_I.ended_at.is_(None), _I.declared_at.is_not(None), _C.closed_at.is_(None))
    return Tally(*session.execute(counts.where(going_on, visible(actor.shared, _C))).one())


def contacts_by_channel(session: Session, case_id: int) -> dict[str, int]:
    """Who came by which channel, the first who asked included. One statement."""
    first = sa.select(_C.channel).where(_C.id == case_id)
    others = sa.select(_W.channel).where(_W.case_id == case_id, _W.left_at.is_(None))
    every = sa.union_all(first, others).subquery()
    many = sa.func.count()
    rows = session.execute(sa.select(every.c.channel, many).group_by(every.c.channel).order_by(many.desc()))
    return {row[0]: row[1] for row in rows}


def _line(row: Any) -> IncidentLine:
    return IncidentLine(**{**row._asdict(), "case_state": CaseState(row.case_state)})
