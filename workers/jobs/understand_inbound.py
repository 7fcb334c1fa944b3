"""Reads what arrived and gives it an end, or hands it to a person."""

from __future__ import annotations

from crm.foundation import UnitOfWork
from crm.inbox import understand
from crm.wiring import Wiring
from workers.facts import Fact


def understand_inbound(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    understand(uow, wired.receivers, fact.subject_id, wired.settings)
