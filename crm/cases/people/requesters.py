"""Which usagers an actor may know: all for the centre; for a desk, those with a demand within its reach."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, visible
from crm.cases.models import Case
from crm.foundation import Actor, NotFound


def known_contacts(session: Session, actor: Actor, contact_ids: Collection[int]) -> set[int]:
    """Those of the contacts that the actor may see, in one statement at most."""
    if everywhere(actor, Permission.CONTACT_VIEW) or not contact_ids:
        return set(contact_ids)
    theirs = sa.select(Case.contact_id).distinct().where(Case.contact_id.in_(contact_ids))
    found = session.scalars(theirs.where(visible(actor, Case, Permission.CONTACT_VIEW)))
    return {contact_id for contact_id in found if contact_id is not None}


def require_contact(session: Session, actor: Actor, contact_id: int) -> None:
    """
    Raises:
        NotFound: no such contact, or none that the actor may know: the same answer.
    """
    if contact_id not in known_contacts(session, actor, [contact_id]):
        raise NotFound(contact=contact_id)
