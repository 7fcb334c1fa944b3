"""What the house writes to usagers: reply templates, found by what they are for."""

from crm.knowledge.actions import LoadedReplies, load_replies
from crm.knowledge.events import RepliesLoaded
from crm.knowledge.queries import reply_templates
from crm.knowledge.sms import sms_parts, to_gsm7
from crm.knowledge.templates import (
    CHANNELS,
    MESSAGES,
    PLACEHOLDERS,
    Filled,
    ReplyTemplate,
    choose,
    fill,
    placeholders_in,
)

__all__ = [
    "CHANNELS",
    "MESSAGES",
    "PLACEHOLDERS",
    "Filled",
    "LoadedReplies",
    "RepliesLoaded",
    "ReplyTemplate",
    "choose",
    "fill",
    "load_replies",
    "placeholders_in",
    "reply_templates",
    "sms_parts",
    "to_gsm7",
]
