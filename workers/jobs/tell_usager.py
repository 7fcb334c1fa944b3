"""Tells what just happened: to the usager, by the channel they chose, or to the competent body."""

from __future__ import annotations

from collections.abc import Mapping

from crm.cases import CaseSheet, case_by_id
from crm.foundation import UnitOfWork
from crm.guests import last_referral
from crm.interactions import queue_message
from crm.notifications import begin_receipts, compose
from crm.wiring import Wiring
from workers.facts import Fact


def acknowledge(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The demand is registered, and the law's clocks start. What was referred gets that message alone."""
    case = case_by_id(uow.session, fact.subject_id)
    if case.routing.get("kind") != "refer":
        begin_receipts(uow, wired.settings.centre, wired.rulebooks.calendar(), case)


def tell_referral(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Forwarded to the competent body, and to whom (CRPA L114-2)."""
    case, link = case_by_id(uow.session, fact.subject_id), last_referral(uow.session, fact.subject_id)
    named = {"organization": link.organization, "unit_email": link.email} if link else {}
    named |= {"unit": link.organization} if link else {}
    _tell(wired, uow, case, "referral", also=named if case.unit_id is None else {})


def tell_made_safe(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The danger is away; the works are dated and the demand stays open for them."""
    _tell(wired, uow, case_by_id(uow.session, fact.subject_id), "secured")


def tell_reopening(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """It is being dealt with again, by which date."""
    _tell(wired, uow, case_by_id(uow.session, fact.subject_id), "reopened")


def _tell(
    wired: Wiring, uow: UnitOfWork, case: CaseSheet, kind: str, also: Mapping[str, str] | None = None
) -> None:
    message = compose(uow.session, wired.settings.centre, case, kind, uow.now, also=also)
    if message is not None:
        queue_message(uow, case, case.id, message)
