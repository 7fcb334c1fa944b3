"""Writes to people outside who have no account: the extract stays here, they get a link to it."""

from __future__ import annotations

from crm.cases import case_by_id
from crm.foundation import UnitOfWork
from crm.guests import GuestSheet, message_for, note_sent, one_link, prepare_referral
from crm.interactions import queue_message
from crm.wiring import Wiring
from workers.facts import Fact


def hand_over(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """What the usager asked, to the competent body, so that they have nothing to do again (CRPA L114-2)."""
    link_id = prepare_referral(uow, fact.subject_id)
    if link_id is not None:
        _invite(wired, uow, one_link(uow.session, link_id))


def invite_guest(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """An opinion is asked, or a contractor has work."""
    _invite(wired, uow, one_link(uow.session, int(fact.data["link_id"])))


def _invite(wired: Wiring, uow: UnitOfWork, link: GuestSheet) -> None:
    """Without an address nothing leaves: the list of referrals says to call them."""
    case = case_by_id(uow.session, link.case_id)
    centre, catalogue = wired.settings.centre, wired.rulebooks.current().catalogue
    message = message_for(uow.session, centre, catalogue, case, link.purpose, link, uow.now)
    if message is not None and link.ended_at is None:
        note_sent(uow, link.id, queue_message(uow, case, case.id, message))
