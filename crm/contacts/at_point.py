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


def language_at(session: Session, channel: str, reach: str) -> str:
    """In which language they read who are reached there: theirs when all agree, else French.

    Args:
        channel: email or sms; any other says nothing.
        reach: as the points keep it.
    """
    kind = {"email": "email", "sms": "phone"}.get(channel)
    if kind is None:
        return "fr"
    whose = contacts_at(session, kind, reach)
    read = set(session.scalars(sa.select(Contact.language).where(Contact.id.in_(whose)))) if whose else set()
    return read.pop() if len(read) == 1 else "fr"
