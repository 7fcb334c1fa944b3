"""Usagers and the ways to reach them."""

from crm.contacts.actions import find_or_create_contact, update_contact, withdraw_point
from crm.contacts.at_point import contacts_at
from crm.contacts.events import ContactCreated, ContactEdited, ContactSeen, PointFailed
from crm.contacts.given import NewContact, normalise_email
from crm.contacts.models import ANSWER_CHANNELS, SHARED_AS, Contact, ContactLink, ContactPoint
from crm.contacts.names import display_name
from crm.contacts.phone import Phone, display_phone, mask_email, mask_phone, normalise_phone
from crm.contacts.points import (
    mark_failed,
    mark_sound,
    prefer_point,
    say_failed,
    say_shared,
    verify_point,
)
from crm.contacts.queries import (
    ContactCard,
    PointLine,
    contact_card,
    contact_cards,
    contact_names,
    current_contact,
    masked,
    owns_point,
)
from crm.contacts.search import ContactHit, search_contacts

__all__ = [
    "ANSWER_CHANNELS",
    "SHARED_AS",
    "Contact",
    "ContactCard",
    "ContactCreated",
    "ContactEdited",
    "ContactHit",
    "ContactLink",
    "ContactPoint",
    "ContactSeen",
    "NewContact",
    "Phone",
    "PointFailed",
    "PointLine",
    "contact_card",
    "contact_cards",
    "contact_names",
    "contacts_at",
    "current_contact",
    "display_name",
    "display_phone",
    "find_or_create_contact",
    "mark_failed",
    "mark_sound",
    "mask_email",
    "mask_phone",
    "masked",
    "normalise_email",
    "normalise_phone",
    "owns_point",
    "prefer_point",
    "say_failed",
    "say_shared",
    "search_contacts",
    "update_contact",
    "verify_point",
    "withdraw_point",
]
