"""Calls whoever is on call for an emergency, by two means."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import UnitOfWork
from crm.promises import call_out as call
from crm.wiring import Wiring
from workers.facts import Fact
from workers.promises import ring


def call_out(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    ring_once_kept(
        wired, uow, call(uow, wired.settings.centre, fact.subject_id, by_sms="sms" in wired.channels)
    )


def ring_once_kept(wired: Wiring, uow: UnitOfWork, told: Iterable[int]) -> None:
    @sa.event.listens_for(uow.session, "after_commit", once=True)
    def _ring(_session: Session) -> None:
        """Their pages ask at once what there is to read: it must be there."""
        ring(wired, told)
