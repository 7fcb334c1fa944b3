"""How far a lot is, and what became of each of its demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import not_barred
from crm.cases.lots.acts import DONE
from crm.cases.lots.models import Lot, LotRow
from crm.cases.models import Case
from crm.foundation import SYSTEM, Actor, NotFound


@dataclass(frozen=True, slots=True)
class LotCard:
    """A lot and how far it is."""

    id: int
    act: str
    told: Mapping[str, Any]
    agent_id: int
    made_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    refused: int

    @property
    def settled(self) -> int:
        return self.done + self.refused


@dataclass(frozen=True, slots=True)
class LotLine:
    """One demand of a lot; `result` as in LotRow."""

    place: int
    reference: str
    result: str | None


_CARD = (
    sa.select(
        Lot.id, Lot.act, Lot.told, Lot.agent_id, Lot.made_at, Lot.ended_at,
        sa.func.count().label("total"),
        sa.func.count().filter(LotRow.result == DONE).label("done"),
        sa.func.count().filter(LotRow.result != DONE).label("refused"),
    )
    .join(LotRow, LotRow.lot_id == Lot.id)
    .group_by(Lot.id)
)  # fmt: skip


def one_lot(session: Session, lot_id: int, actor: Actor | None = None) -> LotCard:
    """
    Args:
        actor: who asked for it; None for the programme itself.

    Raises:
        NotFound: no such lot, or somebody else's.
    """
    row = session.execute(_CARD.where(Lot.id == lot_id)).one_or_none()
    if row is None or (actor is not None and row.agent_id != actor.id):
        raise NotFound(lot=lot_id)
    return LotCard(*row)


def lots_of(session: Session, actor: Actor, *, limit: int = 5) -> list[LotCard]:
    """The latest that an agent asked for."""
    mine = sa.select(Lot.id).where(Lot.agent_id == actor.id).order_by(Lot.id.desc()).limit(limit)
    rows = session.execute(_CARD.where(Lot.id.in_(mine)).order_by(Lot.id.desc()))
    return [LotCard(*row) for row in rows]


WAITING, REFUSED = "waiting", "refused"  # besides DONE
_OF: Mapping[str, sa.ColumnElement[bool]] = {
    WAITING: LotRow.result.is_(None),
    DONE: LotRow.result == DONE,
    REFUSED: LotRow.result != DONE,
}


def lot_lines(
    session: Session,
    lot_id: int,
    only: str | None = None,
    *,
    reader: Actor = SYSTEM,
    limit: int | None = None,
) -> list[LotLine]:
    """In the order they were chosen.

    Args:
        only: DONE, REFUSED or WAITING.
        reader: without those that few may read since, and not this agent.
    """
    barred = sa.select(Case.id).where(
        Case.reference == LotRow.reference, sa.not_(not_barred(reader, Case.id, Case.__table__))
    )
    query = sa.select(LotRow.place, LotRow.reference, LotRow.result)
    query = query.where(LotRow.lot_id == lot_id, ~barred.exists())
    if only is not None:
        query = query.where(_OF[only])
    return [LotLine(*row) for row in session.execute(query.order_by(LotRow.place).limit(limit))]
