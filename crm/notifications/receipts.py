"""Receipts to an address that anybody may have typed: a few a day, so that nobody is flooded in our name.

A receipt is not owed for sendings that are abusive by their number (CRPA L112-11); the demand itself is kept,
and its page gives the reference.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.contacts import ContactCard, contact_card
from crm.interactions import receipts_since
from crm.notifications.reaching import reach_of

MOST_A_DAY = 5
_A_DAY = timedelta(days=1)
_KINDS = {"email": "email", "sms": "phone"}


def receipt_held_back(session: Session, case: CaseSheet, channel: str, recipient: str, now: datetime) -> bool:
    """Has this e-mail or number had its receipts of the day? What an agent registers is never counted."""
    if case.agent_id is not None or channel not in _KINDS:
        return False
    if receipts_since(session, recipient, now - _A_DAY, but_of_case=case.id) < MOST_A_DAY:
        return False
    card = contact_card(session, case.contact_id) if case.contact_id is not None else None
    return not _is_verified(card, channel, recipient)


def no_receipt_for(session: Session, case: CaseSheet, now: datetime) -> bool:
    """The same, for the page that tells the resident what to expect."""
    card = contact_card(session, case.contact_id) if case.contact_id is not None else None
    channel, recipient = reach_of(case, card, case.answer_channel)
    return receipt_held_back(session, case, channel, recipient, now)


def _is_verified(card: ContactCard | None, channel: str, recipient: str) -> bool:
    points = card.points if card else ()
    return any(p.is_verified and p.kind == _KINDS[channel] and p.value == recipient for p in points)
