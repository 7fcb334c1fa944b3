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
    return known_and_others(session, text, most)[0]


def known_and_others(session: Session, text: str, most: int) -> tuple[list[ContactHit], list[int]]:
    """The same, and the sheets outside the perimeter that have exactly this number or e-mail: whoever types
    it whole was given it, and learns nothing else before they say why they open them.
    """
    actor = current_user.actor
    whole = everywhere(actor, Permission.CONTACT_VIEW)
    hits = search_contacts(session, text, limit=most if whole else _LOOKED_AT)
    known = known_contacts(session, actor, [hit.id for hit in hits])
    others = [hit.id for hit in hits if hit.id not in known and _is_exact(hit)]
    return [hit for hit in hits if hit.id in known][:most], others[:most]


def _is_exact(hit: ContactHit) -> bool:
    return hit.match in {"phone", "email"} and hit.certainty != "maybe"
