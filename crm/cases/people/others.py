"""People of a case besides its requester: for whom they ask, or in which quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases.models import CaseContact
from crm.contacts import ContactCard, contact_cards


class ContactRole(StrEnum):
    """The requester is the case's own contact: the answer goes there."""

    BENEFICIARY = "beneficiary"  # for whom it is asked
    PROXY = "proxy"  # the requester, when they act in somebody's name


@dataclass(frozen=True, slots=True)
class Other:
    card: ContactCard
    role: ContactRole


def keep_others(session: Session, case_id: int, others: Sequence[tuple[int, ContactRole]]) -> None:
    """Written as the case is opened, by the right to open it."""
    if others:
        rows = [{"case_id": case_id, "contact_id": who, "role": role} for who, role in others]
        session.execute(sa.insert(CaseContact), rows)


def others_of(session: Session, case_id: int) -> list[Other]:
    """One statement when there is nobody else, two when there is."""
    rows = session.execute(
        sa.select(CaseContact.contact_id, CaseContact.role)
        .where(CaseContact.case_id == case_id)
        .order_by(CaseContact.role)
    ).all()
    cards = contact_cards(session, [row.contact_id for row in rows]) if rows else {}
    return [Other(cards[row.contact_id], ContactRole(row.role)) for row in rows if row.contact_id in cards]
