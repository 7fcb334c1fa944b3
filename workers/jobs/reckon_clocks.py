"""Reckons the clocks that run by the calendar just published, in rounds; begun again, it goes on."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.foundation import SYSTEM, Delivery
from crm.promises import adapted_by, reckon_round, reckoning
from crm.wiring import Wiring
from workers.queues import beat_gently


def reckon_clocks(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """Whatever the number of publications, it is the last one that counts."""
    left = 1
    while left:
        beat_gently(wired.redis)
        with wired.units.begin(SYSTEM) as uow:
            left = reckon_round(uow, reckoning(uow.session, adapted_by(wired.settings.promises)))
    with wired.units.begin(SYSTEM) as uow:
        done = sa.update(Delivery).where(Delivery.id.in_(delivery_ids))
        uow.session.execute(done.values(done_at=uow.now, last_error=None))
