"""Usagers and the ways to reach them."""

from crm.contacts.actions import find_or_create_contact, update_contact, withdraw_point
from crm.contacts.at_point import contacts_at
from crm.contacts.events import (
    ContactCreated,
    ContactEdited,
    ContactSeen,
    PointFailed,
    SmsAccepted,
    SmsRefused,
)
from crm.contacts.given import NewContact, normalise_email
from crm.contacts.holders import count_held
from crm.contacts.merging import merge_contacts, tell_apart, unmerge_contact
from crm.contacts.models import (
    ANSWER_CHANNELS,
    RELATIONS,
    SHARED_AS,
    SUPPORT_NEEDS,
    Contact,
    ContactLink,
    ContactPoint,
)
from crm.contacts.names import display_name
from crm.contacts.past import FormerLine, MergeLine, former_points, merges_of
from crm.contacts.phone import Phone, display_phone, is_mobile, mask_email, mask_phone, normalise_phone
from crm.contacts.points import (
    doubt_point,
    mark_failed,
    mark_sound,
    prefer_point,
    prove_point,
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
    owners_of_point,
    owns_point,
)
from crm.contacts.relations import RelationLine, end_relation, relate_contacts, relations_of
from crm.contacts.search import ContactHit, search_contacts
from crm.contacts.sms_refusals import accept_sms, numbers_refusing_sms, refuse_sms, refused_number
from crm.contacts.suggesting import Suggestion, SuggestionPage, suggestions_for, suggestions_page
from crm.contacts.support import SupportNeeds, declare_support, support_needs
from crm.contacts.wishes import (
    LANGUAGES,
    REFUSABLE,
    Wishes,
    change_wishes,
    declines,
    is_declined,
)

__all__ = [
    "ANSWER_CHANNELS",
    "LANGUAGES",
    "REFUSABLE",
    "RELATIONS",
    "SHARED_AS",
    "SUPPORT_NEEDS",
    "Contact",
    "ContactCard",
    "ContactCreated",
    "ContactEdited",
    "ContactHit",
    "ContactLink",
    "ContactPoint",
    "ContactSeen",
    "FormerLine",
    "MergeLine",
    "NewContact",
    "Phone",
    "PointFailed",
    "PointLine",
    "RelationLine",
    "SmsAccepted",
    "SmsRefused",
    "Suggestion",
    "SuggestionPage",
    "SupportNeeds",
    "Wishes",
    "accept_sms",
    "change_wishes",
    "contact_card",
    "contact_cards",
    "contact_names",
    "contacts_at",
    "count_held",
    "current_contact",
    "declare_support",
    "declines",
    "display_name",
    "display_phone",
    "doubt_point",
    "end_relation",
    "find_or_create_contact",
    "former_points",
    "is_declined",
    "is_mobile",
    "mark_failed",
    "mark_sound",
    "mask_email",
    "mask_phone",
    "masked",
    "merge_contacts",
    "merges_of",
    "normalise_email",
    "normalise_phone",
    "numbers_refusing_sms",
    "owners_of_point",
    "owns_point",
    "prefer_point",
    "prove_point",
    "refuse_sms",
    "refused_number",
    "relate_contacts",
    "relations_of",
    "say_failed",
    "say_shared",
    "search_contacts",
    "suggestions_for",
    "suggestions_page",
    "support_needs",
    "tell_apart",
    "unmerge_contact",
    "update_contact",
    "verify_point",
    "withdraw_point",
]
