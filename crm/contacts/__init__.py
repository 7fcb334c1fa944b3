"""Usagers and the ways to reach them."""

from crm.contacts.actions import find_or_create_contact, update_contact
from crm.contacts.events import ContactCreated, ContactEdited, ContactSeen
from crm.contacts.given import NewContact, normalise_email
from crm.contacts.models import ANSWER_CHANNELS, Contact, ContactLink, ContactPoint
from crm.contacts.names import display_name
from crm.contacts.phone import Phone, display_phone, mask_email, mask_phone, normalise_phone
from crm.contacts.queries import (
    ContactCard,
    PointLine,
    contact_card,
    contact_cards,
    contact_names,
    masked,
    owners_of_point,
)
from crm.contacts.search import ContactHit, search_contacts

__all__ = [
    "ANSWER_CHANNELS",
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
    "PointLine",
    "contact_card",
    "contact_cards",
    "contact_names",
    "display_name",
    "display_phone",
    "find_or_create_contact",
    "mask_email",
    "mask_phone",
    "masked",
    "normalise_email",
    "normalise_phone",
    "owners_of_point",
    "search_contacts",
    "update_contact",
]
