"""How long people wait, channel by channel: nobody is to be served later for the way they came."""

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
        reopened: how many in a hundred were opened again, with those that wait for another answer: one that
            settles nothing is no quick answer.
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
    answered, every = sa.func.count(_C.answered_at), sa.func.count()
    announced = answered.filter(_C.announced_due_at.is_not(None))
    kept = every.filter(_C.answered_at <= _C.announced_due_at)
    waits_again = sa.and_(_C.answered_at.is_(None), _C.reopen_count > 0)
    query = (
        sa.select(
            _C.channel,
            answered.label("answered"),
            sa.func.percentile_cont(0.5).within_group(_WAITED),
            sa.func.percentile_cont(0.9).within_group(_WAITED),
            _in_a_hundred(kept, announced),
            _in_a_hundred(every.filter(_C.reopen_count > 0), every),
        )
        # Whatever was answered or opened again since has moved since: the index of what moved finds it.
        .where(_C.updated_at >= since, sa.or_(_C.answered_at >= since, waits_again))
        .where(visible(actor, _C, Permission.BOARD_VIEW))
        .group_by(_C.channel)
        .having(answered > 0)
        .order_by(answered.desc(), _C.channel)
    )
    return [ChannelDelay(*row) for row in session.execute(query)]


def _in_a_hundred(part: Any, whole: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.round(100.0 * part / sa.func.nullif(whole, 0)), sa.Integer)
