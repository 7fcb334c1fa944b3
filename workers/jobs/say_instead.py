"""A demand was restricted: what it kept from leaving for the usager is told them by a person."""

from __future__ import annotations

from crm.cases import case_by_id
from crm.foundation import UnitOfWork
from crm.notifications import have_said_what_was_held
from crm.wiring import Wiring
from workers.facts import Fact


def say_instead(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    if held := fact.data.get("held"):
        have_said_what_was_held(uow, case_by_id(uow.session, fact.subject_id), held)
