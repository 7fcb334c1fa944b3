"""How long those wait who ask by each channel: nobody is served later for having come by one or another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases import Case
from crm.foundation import Actor

_C: Any = cast(sa.Table, Case.__table__).c
_WAITED = _C.answered_at - _C.received_at


@dataclass(frozen=True, slots=True)
class ChannelDelay:
    """Of the demands of one channel answered in the period.

    Args:
        median, slow: half of them waited no longer than this, nine in ten no longer than that.
        kept: how many in a hundred were answered by the date first announced; None when none was announced.
        reopened: how many in a hundred were opened again: an answer that settles nothing is no quick answer.
    """

    channel: str
    answered: int
    median: timedelta
    slow: timedelta
    kept: int | None
    reopened: int


def delays_by_channel(session: Session, actor: Actor, since: datetime) -> list[ChannelDelay]:
    """The most used first. One statement, over what was answered since then and no more."""
    require(actor, Permission.BOARD_VIEW)
    announced = sa.func.count().filter(_C.announced_due_at.is_not(None))
    kept = sa.func.count().filter(_C.answered_at <= _C.announced_due_at)
    answered = sa.func.count()
    query = (
        sa.select(
            _C.channel,
            answered.label("answered"),
            sa.func.percentile_cont(0.5).within_group(_WAITED),
            sa.func.percentile_cont(0.9).within_group(_WAITED),
            sa.cast(sa.func.round(100.0 * kept / sa.func.nullif(announced, 0)), sa.Integer),
            sa.cast(
                sa.func.round(100.0 * sa.func.count().filter(_C.reopen_count > 0) / answered), sa.Integer
            ),
        )
        # Whatever was answered since has moved since: the index of what moved finds it.
        .where(_C.updated_at >= since, _C.answered_at >= since, visible(actor, _C, Permission.BOARD_VIEW))
        .group_by(_C.channel)
        .order_by(answered.desc(), _C.channel)
    )
    return [ChannelDelay(*row) for row in session.execute(query)]
