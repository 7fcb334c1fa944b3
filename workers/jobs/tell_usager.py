"""Tells what just happened: to the usager, by the channel they chose, or to the competent body."""

from __future__ import annotations

from crm.cases import CaseSheet, case_by_id
from crm.foundation import UnitOfWork
from crm.interactions import queue_message
from crm.notifications import begin_receipts, compose, compose_handover
from crm.wiring import Wiring
from workers.facts import Fact


def acknowledge(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The demand is registered, and the law's clocks start. What was referred gets that message alone."""
    case = case_by_id(uow.session, fact.subject_id)
    if case.routing.get("kind") != "refer":
        begin_receipts(uow, wired.settings.centre, wired.rulebooks.calendar(), case)


def tell_referral(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Forwarded to the competent body, and to whom (CRPA L114-2)."""
    _tell(wired, uow, case_by_id(uow.session, fact.subject_id), "referral")


def tell_made_safe(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The danger is away; the works are dated and the demand stays open for them."""
    _tell(wired, uow, case_by_id(uow.session, fact.subject_id), "secured")


def hand_over(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """What the usager asked, to the competent body, so that they have nothing to do again (CRPA L114-2)."""
    case = case_by_id(uow.session, fact.subject_id)
    message = compose_handover(uow.session, wired.settings.centre, case, uow.now)
    if message is not None:
        queue_message(uow, case, case.id, message)


def tell_reopening(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """It is being dealt with again, by which date."""
    _tell(wired, uow, case_by_id(uow.session, fact.subject_id), "reopened")


def _tell(wired: Wiring, uow: UnitOfWork, case: CaseSheet, kind: str) -> None:
    message = compose(uow.session, wired.settings.centre, case, kind, uow.now)
    if message is not None:
        queue_message(uow, case, case.id, message)
