"""What relay and workers do, in the process of a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crm.foundation import SYSTEM
from crm.notifications import claim_due
from crm.wiring import Wiring
from workers.jobs.run import do_deliveries


def work(wired: Wiring, do: Callable[[Wiring, Sequence[int]], None] = do_deliveries) -> None:
    """All that is due, and what follows from it. What failed comes due later: it is not tried again here."""
    while True:
        with wired.units.begin(SYSTEM) as uow:
            claimed = claim_due(uow, 200)
        if not claimed:
            return
        do(wired, [one.id for one in claimed])
