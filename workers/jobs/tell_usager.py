"""Tells what just happened: to the usager, by the channel they chose, or to the competent body."""

from __future__ import annotations

from collections.abc import Mapping

from crm.cases import CaseSheet, case_by_id
from crm.foundation import UnitOfWork
from crm.guests import last_referral
from crm.interactions import ask_to_reach, queue_message
from crm.notifications import (
    RETURNED,
    begin_receipts,
    compose,
    compose_any_way,
    compose_call,
    have_it_said,
    may_leave,
    owe_again,
)
from crm.wiring import Wiring
from workers.facts import Fact


def acknowledge(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The demand is registered, and the law's clocks start. What was referred gets that message alone."""
    case = case_by_id(uow.session, fact.subject_id)
    if case.routing.get("kind") != "refer":
        centre = wired.settings.centre
        begin_receipts(uow, centre, wired.rulebooks.calendar(), case)
        have_it_said(uow, case, compose_call(uow.session, centre, case, "registration", uow.now))


def tell_referral(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Forwarded to the competent body, and to whom (CRPA L114-2)."""
    case, link = case_by_id(uow.session, fact.subject_id), last_referral(uow.session, fact.subject_id)
    named = {"organization": link.organization, "unit_email": link.email} if link else {}
    named |= {"unit": link.organization} if link else {}
    tell_by_itself(wired, uow, case, "referral", also=named if case.unit_id is None else {})


def tell_made_safe(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The danger is away; the works are dated and the demand stays open for them."""
    tell_by_itself(wired, uow, case_by_id(uow.session, fact.subject_id), "secured")


def tell_reopening(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """It is being dealt with again, by which date; what was another's is owed a receipt by us."""
    case = case_by_id(uow.session, fact.subject_id)
    owe_again(uow, wired.settings.centre, wired.rulebooks.calendar(), case)
    tell_by_itself(wired, uow, case, "reopened")


def tell_returned(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """The body we had named to them refused: by any way, at worst by somebody who finds one. The receipt of
    the law is owed by us again."""
    case, link = case_by_id(uow.session, fact.subject_id), last_referral(uow.session, fact.subject_id)
    named = {"organization": link.organization} if link else {}
    session, centre = uow.session, wired.settings.centre
    owe_again(uow, centre, wired.rulebooks.calendar(), case)
    if not may_leave(case, "reopened"):
        call = compose_call(session, centre, case, "reopened", uow.now, also=named, any_way=True)
        have_it_said(uow, case, call)
    elif message := compose_any_way(session, centre, case, "reopened", uow.now, extra=named):
        queue_message(uow, case, case.id, message)
    elif case.contact_id is not None and case.answer_channel != "none":
        words = RETURNED.format(organization=named.get("organization", "—"))
        ask_to_reach(uow, case.id, words, contact_id=case.contact_id)


def tell_by_itself(
    wired: Wiring, uow: UnitOfWork, case: CaseSheet, kind: str, also: Mapping[str, str] | None = None
) -> None:
    """In writing, to whoever asked for it; where a restriction holds that back, somebody says it."""
    session, centre = uow.session, wired.settings.centre
    message = compose(session, centre, case, kind, uow.now, also=also)
    if message is not None:
        queue_message(uow, case, case.id, message)
    else:
        have_it_said(uow, case, compose_call(session, centre, case, kind, uow.now, also=also))
