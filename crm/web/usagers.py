"""Usagers found, of those that the agent may know."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere
from crm.cases import known_contacts
from crm.contacts import ContactHit, search_contacts

_LOOKED_AT = 60  # a desk knows few of those who match: more are looked at to show as many


def usagers(session: Session, text: str, most: int) -> list[ContactHit]:
    """By number, name or e-mail, the likeliest first."""
    actor = current_user.actor
    whole = everywhere(actor, Permission.CONTACT_VIEW)
    hits = search_contacts(session, text, limit=most if whole else _LOOKED_AT)
    known = known_contacts(session, actor, [hit.id for hit in hits])
    return [hit for hit in hits if hit.id in known][:most]
