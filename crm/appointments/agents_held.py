"""Nobody receives in two places at once: the moments of one agent never overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from crm.appointments.models import Slot
from crm.appointments.opening import Opening
from crm.foundation import Invalid, UnitOfWork
from crm.staff import team_of

Moment = tuple[datetime, datetime]
_S = cast(sa.Table, Slot.__table__).c
_AGENTS = 7_305  # the class of advisory locks that stand for an agent’s diary


def hold_agents(uow: UnitOfWork, opening: Opening, found: Sequence[Moment]) -> None:
    """Keep the diaries of these agents until the commit: whoever opens others for them waits, and then sees.

    Args:
        found: what is to be opened, in order, none over another.

    Raises:
        Invalid: one of them is not of that service (of the opener’s own, where a desk receives), or receives
            already at one of these moments.
    """
    hosts = {opening.unit_id} if opening.unit_id is not None else uow.actor.unit_ids
    if not set(opening.agent_ids) <= {id_ for unit_id in hosts for id_ in team_of(uow.session, unit_id)}:
        raise Invalid({"agent": "unknown"})
    for agent_id in sorted(set(opening.agent_ids)):
        uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_AGENTS, agent_id)))
    theirs = _S.agent_ids.overlap(sa.cast(list(opening.agent_ids), ARRAY(sa.BigInteger)))
    taken = sa.select(_S.starts_at, _S.ends_at).where(
        theirs, _S.withdrawn_at.is_(None), _S.opening_key != opening.key,
        _S.starts_at < found[-1][1], _S.ends_at > found[0][0],
    )  # fmt: skip
    rows = uow.session.execute(taken).all() if opening.agent_ids else []
    if any(_over(found, row.starts_at, row.ends_at) for row in rows):
        raise Invalid({"agent": "agent_taken"})


def receives_then(uow: UnitOfWork, agent_id: int, slot: Slot) -> bool:
    """Does this agent receive at that moment already? Their diary is kept until the commit, as above."""
    uow.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_AGENTS, agent_id)))
    taken = sa.select(_S.id).where(
        _S.agent_ids.contains([agent_id]), _S.withdrawn_at.is_(None),
        _S.starts_at < slot.ends_at, _S.ends_at > slot.starts_at,
    )  # fmt: skip
    return uow.session.scalar(taken.limit(1)) is not None


def _over(found: Sequence[Moment], starts_at: datetime, ends_at: datetime) -> bool:
    """Does any of them begin before this ends, and end after it begins?"""
    last = bisect_left(found, ends_at, key=lambda moment: moment[0]) - 1
    return last >= 0 and found[last][1] > starts_at
