"""Hands the raw content of what arrived to the storage, once it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from crm.foundation import SYSTEM
from crm.inbox import mark_kept, raw_to_keep, raws_left_waiting
from crm.wiring import Wiring
from workers.facts import each_undone
from workers.queues import beat_gently

_IN_OTHER_HANDS = timedelta(minutes=10)


def keep_raw(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: the storage does not answer; what is not kept comes due again.
    """
    for fact in each_undone(wired, delivery_ids):
        _keep(wired, [fact.subject_id])


def keep_left_waiting(wired: Wiring) -> None:
    """What no delivery keeps any more, after a storage that was away for long.

    Raises:
        Unavailable: it still is.
    """
    with wired.units.reading() as session:
        left = raws_left_waiting(session, wired.clock.now() - _IN_OTHER_HANDS)
    _keep(wired, left)


def _keep(wired: Wiring, inbound_ids: Iterable[int]) -> None:
    """One at a time in memory; no transaction is open while the storage is being called."""
    for inbound_id in inbound_ids:
        beat_gently(wired.redis)
        with wired.units.reading() as session:
            raw = raw_to_keep(session, inbound_id)
        if raw is not None:
            wired.storage.put(raw.key, raw.content, raw.media_type)
            with wired.units.begin(SYSTEM) as uow:
                mark_kept(uow, inbound_id, raw.key)
