"""What was exchanged with one usager, whatever the demand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.interactions.models import Direction, Interaction, SendingState

_C = cast(sa.Table, Interaction.__table__).c
_BODY = 2000


@dataclass(frozen=True, slots=True)
class Talk:
    """One exchange as a sheet shows it; `body` cut at 2,000 characters."""

    id: int
    case_id: int | None
    direction: str
    channel: str
    kind: str
    subject: str
    body: str
    state: str
    occurred_at: datetime
    sent_at: datetime | None
    reason: str | None  # of a call that made no demand
    delivered_at: datetime | None
    last_error: str | None

    @property
    def state_at(self) -> datetime:
        """The moment its state speaks of."""
        return self.sent_at or self.occurred_at


_TALK = sa.select(
    *(sa.func.left(_C.body, _BODY).label("body") if name == "body" else _C[name]
      for name in Talk.__dataclass_fields__)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange as its usager may have it again: theirs, whole, and nothing of what is said among us."""

    case_id: int | None
    direction: str
    channel: str
    kind: str
    subject: str
    body: str
    state: str
    occurred_at: datetime


def own_exchanges(session: Session, contact_id: int, *, limit: int = 5_000) -> list[Kept]:
    """The latest first. What an agent took back, or never sent, is not there."""
    query = sa.select(*(_C[name] for name in Kept.__dataclass_fields__)).where(
        _C.contact_id == contact_id,
        _C.direction != Direction.INTERNAL,
        _C.state != SendingState.CANCELLED,
        _C.is_public | (_C.direction == Direction.IN),
    )
    rows = session.execute(query.order_by(_C.occurred_at.desc(), _C.id.desc()).limit(limit))
    return [Kept(*row) for row in rows]


def exchanges_with(
    session: Session,
    contact_id: int,
    case_ids: Collection[int],
    *,
    everywhere: bool,
    among: sa.ColumnElement[bool],
    limit: int = 30,
) -> list[Talk]:
    """The latest first; never what is said among us.

    Args:
        case_ids: the usager's demands that the reader reaches.
        everywhere: exchanges about no demand, or about another one, are shown too.
        among: what the reader may read, whatever else they reach.
    """
    theirs = _C.case_id.in_(case_ids)
    mine = sa.or_(_C.contact_id == contact_id, theirs) if everywhere else theirs
    query = _TALK.where(mine, _C.direction != Direction.INTERNAL, among)
    rows = session.execute(query.order_by(_C.occurred_at.desc(), _C.id.desc()).limit(limit))
    return [Talk(*row) for row in rows]
