"""A resident's own space: who was let in, by which proof."""

from crm.space.actions import (
    LINK_MINUTES,
    VISIT_HOURS,
    ask_link,
    enter_by_identity,
    enter_by_link,
    forget_space,
    leave_space,
)
from crm.space.events import SpaceEntered, SpaceLeft, SpaceLinkAsked
from crm.space.own import OwnSheet, OwnWishes, change_own_wishes, own_sheet
from crm.space.queries import LinkToSend, Visit, link_to_send, visit_of
from crm.space.signing import link_signed, signed_link

__all__ = [
    "LINK_MINUTES",
    "VISIT_HOURS",
    "LinkToSend",
    "OwnSheet",
    "OwnWishes",
    "SpaceEntered",
    "SpaceLeft",
    "SpaceLinkAsked",
    "Visit",
    "ask_link",
    "change_own_wishes",
    "enter_by_identity",
    "enter_by_link",
    "forget_space",
    "leave_space",
    "link_signed",
    "link_to_send",
    "own_sheet",
    "signed_link",
    "visit_of",
]
