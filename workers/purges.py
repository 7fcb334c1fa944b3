"""What is kept for a time and no longer, table by table; for how long is set under [retention]."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from crm.contacts import forget_readings
from crm.foundation import SYSTEM, UnitOfWork
from crm.intake import forget_old_drafts, forget_shared
from crm.space import forget_space
from crm.staff import forget_answers
from crm.webhooks import forget_sendings
from crm.wiring import Wiring

Forget = Callable[[UnitOfWork, timedelta], int]


def _purge(wired: Wiring, forget: Forget, days: int) -> None:
    """A few thousand rows a transaction, so that nobody waits for it."""
    gone = 1
    while gone:
        with wired.units.begin(SYSTEM) as uow:
            gone = forget(uow, timedelta(days=days))


def forget_forms(wired: Wiring) -> None:
    """What agents had begun to enter and never came back to; what two sides could finish, and did not."""
    kept = wired.settings.retention
    _purge(wired, forget_old_drafts, kept.drafts_days)
    _purge(wired, forget_shared, kept.shared_drafts_days)


def forget_told(wired: Wiring) -> None:
    """What machines were told and asked for, how residents came into their space, who opened which sheet."""
    kept = wired.settings.retention
    _purge(wired, forget_sendings, kept.webhook_sendings_days)
    _purge(wired, forget_answers, kept.api_answers_days)
    _purge(wired, forget_space, kept.space_links_days)
    _purge(wired, forget_readings, kept.readings_days)
