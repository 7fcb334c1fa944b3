"""What RQ calls: does the deliveries it is given, each once, whatever died before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from crm.foundation import SYSTEM, Delivery
from crm.wiring import Wiring, wiring
from workers.facts import UNDONE, Fact, is_server_lost, reason_of
from workers.jobs import INSIDE, OUTSIDE
from workers.queues import beat_gently

_log = structlog.get_logger("run")


def run(delivery_ids: list[int]) -> None:
    """Never raises: what RQ keeps of an exception could name someone. What is not done comes due again."""
    try:
        do_deliveries(wiring(), delivery_ids)
    except DBAPIError as lost:
        _log.warning("server_lost", error=type(lost).__name__)


def do_deliveries(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    with wired.units.reading() as session:
        job_of = sa.select(Delivery.id, Delivery.job).where(Delivery.id.in_(delivery_ids))
        jobs = {row.id: row.job for row in session.execute(job_of.order_by(Delivery.id))}
    outside: dict[str, list[int]] = defaultdict(list)
    for delivery_id, job in jobs.items():
        if job in OUTSIDE:
            outside[job].append(delivery_id)
        else:
            beat_gently(wired.redis)
            _do_inside(wired, delivery_id)
    for job, ids in outside.items():
        _do_outside(wired, job, ids)


def _do_inside(wired: Wiring, delivery_id: int) -> None:
    """Its effects and its "done" mark commit together, or neither does."""
    try:
        with wired.units.begin(SYSTEM) as uow:
            row = uow.session.execute(_HELD, {"one": delivery_id}).one_or_none()
            if row is None:
                return  # done, parked, or in other hands
            INSIDE[row.job](wired, uow, Fact(*row))
            uow.session.execute(_DONE, {"one": delivery_id, "now": uow.now})
    except Exception as wrong:
        _failed(wired, [delivery_id], wrong)


def _do_outside(wired: Wiring, job: str, delivery_ids: list[int]) -> None:
    try:
        OUTSIDE[job](wired, delivery_ids)
    except Exception as wrong:
        _failed(wired, delivery_ids, wrong)


# Made once: they run for each delivery.
_ROWS = cast(sa.Table, Delivery.__table__)
_HELD = UNDONE.where(Delivery.id == sa.bindparam("one")).with_for_update(skip_locked=True, of=Delivery)
_DONE = (
    sa.update(_ROWS)
    .where(_ROWS.c.id == sa.bindparam("one"))
    .values(done_at=sa.bindparam("now", type_=_ROWS.c.done_at.type), last_error=None)
)


def _failed(wired: Wiring, delivery_ids: list[int], wrong: Exception) -> None:
    """Keep the reason for whoever looks at it; the relay tries again, then parks it."""
    if isinstance(wrong, DBAPIError) and is_server_lost(wrong):
        raise wrong
    reason = reason_of(wrong)
    _log.error("delivery_failed", deliveries=delivery_ids[:10], error=reason)
    with wired.units.begin(SYSTEM) as uow:
        still = sa.update(Delivery).where(Delivery.id.in_(delivery_ids), Delivery.done_at.is_(None))
        uow.session.execute(still.values(last_error=reason).execution_options(synchronize_session=False))
