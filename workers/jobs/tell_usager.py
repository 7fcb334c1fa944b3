"""Tells what just happened: to the usager, by the channel they chose, or to the competent body."""

from __future__ import annotations

from crm.cases import CaseSheet, case_by_id
from crm.foundation import UnitOfWork
from crm.interactions import queue_message
from crm.notifications import ReceiptHeldBack, compose, compose_handover, receipt_held_back
from crm.wiring import Wiring
from workers.facts import Fact


def acknowledge(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The demand is registered: reference, service, date. What was referred gets that message alone."""
    case = case_by_id(uow.session, fact.subject_id)
    if case.routing.get("kind") != "refer":
        _tell(wired, uow, case, "registration")


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
    if message is None:
        return
    if kind == "registration" and receipt_held_back(
        uow.session, case, message.channel, message.recipient, uow.now
    ):
        uow.record(ReceiptHeldBack(subject_id=case.id))
        return
    queue_message(uow, case, case.id, message)
