"""Who is reached at one number or address: a mailbox may be a couple's."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.contacts.models import Contact, ContactLink, ContactPoint


def contacts_at(session: Session, kind: str, value: str) -> list[int]:
    """Ids of the contacts reached there, `value` as the points keep it."""
    query = (
        sa.select(ContactLink.contact_id)
        .join(ContactPoint, ContactPoint.id == ContactLink.point_id)
        .join(Contact, Contact.id == ContactLink.contact_id)
        .where(ContactPoint.kind == kind, ContactPoint.value == value, Contact.merged_into_id.is_(None))
        .order_by(ContactLink.contact_id)
        .limit(20)
    )
    return list(session.scalars(query))
