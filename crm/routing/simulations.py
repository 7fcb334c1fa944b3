"""Simulations as screens and their job read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.foundation import Actor, NotFound
from crm.routing.models import RoutingSimulation, RoutingTable


@dataclass(frozen=True, slots=True)
class SimulationCard:
    """
    Args:
        outdated: a rule of the draft changed since.
        result: as `Replay.as_kept` wrote it; empty until it ends.
    """

    id: int
    table_id: int
    since: datetime
    until: datetime
    later_weeks: int
    asked_at: datetime
    total: int | None
    done: int
    ended_at: datetime | None
    result: Mapping[str, Any]
    outdated: bool


_OUTDATED = sa.func.coalesce(RoutingTable.changed_at > RoutingSimulation.asked_at, sa.false())
_CARD = sa.select(
    RoutingSimulation.id,
    RoutingSimulation.table_id,
    RoutingSimulation.since,
    RoutingSimulation.until,
    RoutingSimulation.later_weeks,
    RoutingSimulation.asked_at,
    RoutingSimulation.total,
    RoutingSimulation.done,
    RoutingSimulation.ended_at,
    RoutingSimulation.result,
    _OUTDATED,
).join(RoutingTable, RoutingTable.id == RoutingSimulation.table_id)


def one_simulation(session: Session, actor: Actor, simulation_id: int) -> SimulationCard:
    """
    Raises:
        NotFound: unknown, or its draft was dropped.
    """
    require(actor, Permission.ROUTING_VIEW)
    row = session.execute(_CARD.where(RoutingSimulation.id == simulation_id)).one_or_none()
    if row is None:
        raise NotFound(simulation_id=simulation_id)
    return SimulationCard(*row)


def simulations_of(session: Session, actor: Actor, table_id: int, limit: int = 5) -> list[SimulationCard]:
    """The latest first."""
    require(actor, Permission.ROUTING_VIEW)
    asked = _CARD.where(RoutingSimulation.table_id == table_id).order_by(RoutingSimulation.id.desc())
    return [SimulationCard(*row) for row in session.execute(asked.limit(limit))]


def fresh_simulation(session: Session, actor: Actor, table_id: int) -> SimulationCard | None:
    """The latest that ended and tried this draft as it stands: what publishing it wants."""
    require(actor, Permission.ROUTING_VIEW)
    mine = RoutingSimulation.table_id == table_id, RoutingSimulation.ended_at.is_not(None), ~_OUTDATED
    row = session.execute(_CARD.where(*mine).order_by(RoutingSimulation.id.desc()).limit(1)).one_or_none()
    return SimulationCard(*row) if row is not None else None
