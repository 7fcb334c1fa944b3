"""Calls that made no demand today, by motive: counted and listed by the same condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require_everywhere
from crm.foundation import Actor
from crm.interactions import Interaction
from crm.reporting.moments import Moments

_I = cast(sa.Table, Interaction.__table__).c
_BODY = 300
_TODAY = sa.and_(
    _I.reason.is_not(None), _I.occurred_at >= sa.bindparam("midnight", type_=_I.occurred_at.type)
)
_BY_REASON = sa.select(_I.reason, sa.func.count().label("many")).where(_TODAY).group_by(_I.reason).subquery()
# Motive → how many, as one value of a statement that counts other things too; needs `midnight`.
COUNTED = sa.select(sa.func.jsonb_object_agg(_BY_REASON.c.reason, _BY_REASON.c.many)).scalar_subquery()
_CALL = sa.select(
    _I.occurred_at, _I.reason, _I.category_code, _I.seconds, _I.contact_id, _I.agent_id,
    sa.func.left(_I.body, _BODY).label("said"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call without a demand; `said` cut at 300 characters."""

    at: datetime
    reason: str
    category_code: str | None
    seconds: int | None
    contact_id: int | None
    agent_id: int | None
    said: str


def calls_ended(
    session: Session, actor: Actor, at: Moments, reason: str = "", *, limit: int = 200
) -> list[EndedCall]:
    """Those of today, the latest first; of one motive, or of all."""
    require_everywhere(actor, Permission.BOARD_VIEW)
    query = _CALL.where(_TODAY, _I.reason == reason) if reason else _CALL.where(_TODAY)
    rows = session.execute(query.order_by(_I.occurred_at.desc()).limit(limit), {"midnight": at.midnight})
    return [EndedCall(*row) for row in rows]
