"""Takes the bytes of withdrawn files out of the storage. Done twice, it is done once."""

from __future__ import annotations

from collections.abc import Sequence

from crm.attachments import FileToStore, files_to_forget, mark_forgotten
from crm.foundation import SYSTEM
from crm.wiring import Wiring
from workers.facts import each_undone


def forget_files(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: the storage does not answer; it comes due again.
    """
    for fact in each_undone(wired, delivery_ids):
        with wired.units.reading() as session:
            files = files_to_forget(session, fact.data["attachment_ids"])
        for file in files:
            _forget(wired, file)


def forget_left(wired: Wiring) -> None:
    """What a worker was storing at the very moment it was withdrawn."""
    with wired.units.reading() as session:
        files = files_to_forget(session)
    for file in files:
        _forget(wired, file)


def _forget(wired: Wiring, file: FileToStore) -> None:
    wired.storage.delete(file.key)
    if file.thumbnail_key is not None:
        wired.storage.delete(file.thumbnail_key)
    with wired.units.begin(SYSTEM) as uow:
        mark_forgotten(uow, file.id)
