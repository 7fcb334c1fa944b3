"""Takes the bytes of withdrawn files out of the storage. Done twice, it is done once."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.attachments import FileToStore, files_to_forget, mark_forgotten
from crm.foundation import SYSTEM, Delivery
from crm.wiring import Wiring
from workers.facts import UNDONE


def forget_files(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: the storage does not answer; it comes due again.
    """
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    for fact in facts:
        with wired.units.reading() as session:
            files = files_to_forget(session, fact.data["attachment_ids"])
        for file in files:
            _forget(wired, file)
        done = sa.update(Delivery).where(Delivery.id == fact.id)
        with wired.units.begin(SYSTEM) as uow:
            uow.session.execute(done.values(done_at=uow.now, last_error=None))


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
