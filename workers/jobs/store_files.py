"""Hands the bytes of new files to the storage. A file stored twice is the same file under the same name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crm.attachments import (
    FileToStore,
    files_left_waiting,
    files_to_store,
    mark_not_stored,
    mark_stored,
    waiting_bytes,
)
from crm.foundation import SYSTEM, NotFound, Unavailable
from crm.wiring import Wiring
from workers.facts import each_undone, reason_of
from workers.queues import beat_gently

_IN_OTHER_HANDS = timedelta(minutes=2)  # what is younger, the job of its own fact is at


def store_files(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: the storage does not answer; what is not stored comes due again.
    """
    for fact in each_undone(wired, delivery_ids):
        with wired.units.reading() as session:
            files = files_to_store(session, fact.data["attachment_ids"])
        for file in files:
            _store(wired, file)


def store_left_waiting(wired: Wiring) -> None:
    """What no delivery stores any more, after a storage that was away for long.

    Raises:
        Unavailable: it still is.
    """
    with wired.units.reading() as session:
        files = files_left_waiting(session, wired.clock.now() - _IN_OTHER_HANDS)
    for file in files:
        _store(wired, file)


def _store(wired: Wiring, file: FileToStore) -> None:
    """No transaction is open while the storage is being called."""
    beat_gently(wired.redis)
    try:
        with wired.units.reading() as session:
            content, thumbnail = waiting_bytes(session, file.token)
    except NotFound:
        return  # another worker was quicker
    try:
        wired.storage.put(file.key, content, file.media_type)
        if thumbnail is not None and file.thumbnail_key is not None:
            wired.storage.put(file.thumbnail_key, thumbnail, file.media_type)
    except Unavailable as told:
        with wired.units.begin(SYSTEM) as uow:
            mark_not_stored(uow, file.id, reason_of(told))
        raise
    with wired.units.begin(SYSTEM) as uow:
        mark_stored(uow, file.id)
