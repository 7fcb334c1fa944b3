"""Trying a draft on past demands: asked here, done behind, its progress and its end noted here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import PARIS, Invalid, NotFound, UnitOfWork
from crm.routing.events import RoutingSimulationAsked
from crm.routing.models import RoutingSimulation, RoutingTable

MOST_WEEKS = 104


def ask_simulation(uow: UnitOfWork, table_id: int, *, weeks: int, as_if_from: date | None = None) -> int:
    """Decide again, by this table and by the one it is made from, the demands of the last weeks.

    Args:
        as_if_from: the demands are taken to come from this day on, for rules that begin on a day to come.

    Raises:
        Invalid: too many weeks, or a past day.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    if uow.session.get(RoutingTable, table_id) is None:
        raise NotFound(table_id=table_id)
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid({"weeks": "unknown"})
    since = uow.now - timedelta(weeks=weeks)
    asked = RoutingSimulation(
        table_id=table_id,
        since=since,
        until=uow.now,
        later_weeks=_weeks_between(since.astimezone(PARIS).date(), as_if_from) if as_if_from else 0,
        asked_at=uow.now,
        asked_by=uow.actor.id,
    )
    uow.session.add(asked)
    uow.session.flush()
    uow.record(RoutingSimulationAsked(subject_id=table_id, simulation_id=asked.id))
    return asked.id


def _weeks_between(first: date, wanted: date) -> int:
    """Whole weeks, so that weekdays stay, until the first day reaches the one wanted."""
    return max(0, -((first - wanted).days // 7)) if wanted > first else 0


def note_progress(uow: UnitOfWork, simulation_id: int, *, done: int, total: int) -> None:
    require(uow.actor, Permission.ROUTING_EDIT)
    _set(uow, simulation_id, done=done, total=total)


def end_simulation(uow: UnitOfWork, simulation_id: int, *, result: dict[str, Any]) -> None:
    require(uow.actor, Permission.ROUTING_EDIT)
    _set(uow, simulation_id, done=result["seen"], total=result["seen"], ended_at=uow.now, result=result)


def _set(uow: UnitOfWork, simulation_id: int, **values: Any) -> None:
    one = sa.update(RoutingSimulation).where(RoutingSimulation.id == simulation_id)
    uow.session.execute(one.values(**values).execution_options(synchronize_session=False))
