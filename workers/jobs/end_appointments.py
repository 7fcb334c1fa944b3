"""Nobody waits for the usager of a demand cancelled or transmitted: the seat is free, and they are told."""

from __future__ import annotations

from crm.appointments import cancel_to_come
from crm.cases import ENDED, case_by_id
from crm.foundation import UnitOfWork
from crm.wiring import Wiring
from workers.facts import Fact


def end_appointments(_wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Unless it was opened again since."""
    if case_by_id(uow.session, fact.subject_id).state in ENDED:
        cancel_to_come(uow, fact.subject_id)
