"""Promised calls that nobody tried: an hour before, who promised; as their time begins, who leads them; once
it is over, who promised and the supervisors. Each is told once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.interactions import Interaction, SendingState
from crm.promises.models import Notice
from crm.promises.notices import agents_holding, tell
from crm.staff import Agent

_A_ROUND = 200
_BEFORE = timedelta(hours=1)
_NEWS = timedelta(days=7)  # who wanted to hear of older ones has: the others said that they do not
_I = cast(sa.Table, Interaction.__table__).c
_N = cast(sa.Table, Notice.__table__).c
_TO_CALL = _I.state == sa.literal_column(f"'{SendingState.TO_CALL}'")  # a partial index serves a constant


@dataclass(frozen=True, slots=True)
class _Mark:
    """Args:
    at: the column whose moment it is about.
    when: of a call, whether the moment to tell of it has come.
    """

    kind: str
    at: sa.ColumnElement[Any]
    when: Callable[[Any], sa.ColumnElement[bool]]
    whom: Callable[[UnitOfWork, Any], set[int]]


def warn_of_missed_calls(uow: UnitOfWork) -> list[int]:
    """Returns the agents who were told."""
    require(uow.actor, Permission.CLOCKS_KEEP)
    found: set[int] = set()
    for mark in _MARKS:
        for row in _untried(uow, mark):
            found |= set(tell(uow, mark.whom(uow, row), mark.kind, row.case_id, row.at))
    return sorted(found)


def _untried(uow: UnitOfWork, mark: _Mark) -> list[Any]:
    told = sa.select(_N.id).where(_N.case_id == _I.case_id, _N.kind == mark.kind, _N.due_at == mark.at)
    query = (
        sa.select(_I.case_id, mark.at.label("at"), Agent.id.label("agent_id"), Agent.unit_id)
        .select_from(Interaction)
        .outerjoin(Agent, sa.and_(Agent.id == _I.agent_id, Agent.is_active))
        .where(_TO_CALL, _I.tries == 0, _I.case_id.is_not(None), _I.promised_until.is_not(None))
        .where(mark.when(uow.now), ~told.exists())
        .order_by(mark.at, _I.id)
        .limit(_A_ROUND)
    )
    return list(uow.session.execute(query))


def _holder(uow: UnitOfWork, row: Any) -> set[int]:
    """Who promised; once they have left, the supervisors."""
    return {row.agent_id} if row.agent_id is not None else _supervisors(uow)


def _leaders(uow: UnitOfWork, row: Any) -> set[int]:
    """Who leads the service of whoever promised; the supervisors where nobody does."""
    leads = agents_holding(uow.session, "team_lead", row.unit_id) if row.unit_id is not None else []
    return set(leads) or _supervisors(uow)


def _everybody(uow: UnitOfWork, row: Any) -> set[int]:
    return _holder(uow, row) | _supervisors(uow)


def _supervisors(uow: UnitOfWork) -> set[int]:
    return set(agents_holding(uow.session, "supervisor"))


_MARKS = (
    # Who promised it within the hour knows.
    _Mark(
        "call_near",
        _I.promised_at,
        lambda now: sa.and_(
            _I.promised_at > now,
            _I.promised_at <= now + _BEFORE,
            _I.created_at <= _I.promised_at - _BEFORE,
        ),
        _holder,
    ),
    _Mark(
        "call_begun",
        _I.promised_at,
        lambda now: sa.and_(_I.promised_at <= now, _I.promised_until > now),
        _leaders,
    ),
    _Mark(
        "call_missed",
        _I.promised_until,
        lambda now: sa.and_(_I.promised_until <= now, _I.promised_until > now - _NEWS),
        _everybody,
    ),
)
