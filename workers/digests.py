"""Monday, seven o'clock: each mairie's desk is told of its week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from crm.cases import forget_sent_forms
from crm.cases.ground import forget_saves
from crm.foundation import PARIS, SYSTEM
from crm.notifications import monday_of, queue_digest
from crm.staff import digest_readers
from crm.wiring import Wiring

AT = time(7)
_STILL_NEWS = timedelta(hours=36)  # a house closed all Monday tells on Tuesday; later it would be stale
_FORMS_KEPT = timedelta(days=60)


def send_digests(wired: Wiring) -> None:
    """One transaction a commune; those who were told already are passed over."""
    now = wired.clock.now()
    began = datetime.combine(monday_of(now), AT, tzinfo=PARIS)
    if not began <= now < began + _STILL_NEWS:
        return
    with wired.units.reading() as session:
        readers = digest_readers(session)
    for insee, mailboxes in readers.items():
        with wired.units.begin(SYSTEM) as uow:
            queue_digest(uow, wired.settings.centre, insee, mailboxes)


def prune_sent_forms(wired: Wiring) -> None:
    with wired.units.begin(SYSTEM) as uow:
        before = wired.clock.now() - _FORMS_KEPT
        forget_sent_forms(uow, before)
        forget_saves(uow, before)
