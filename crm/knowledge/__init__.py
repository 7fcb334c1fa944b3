"""What the house writes to usagers: reply templates, found by what they are for."""

from crm.knowledge.actions import LoadedReplies, load_replies
from crm.knowledge.events import RepliesLoaded
from crm.knowledge.files import read_folder
from crm.knowledge.mentions import ACKNOWLEDGEMENT, REGISTRATION, SILENCE, lacking_mentions, missing_in
from crm.knowledge.queries import reply_templates
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
    "ACKNOWLEDGEMENT",
    "CHANNELS",
    "MESSAGES",
    "PLACEHOLDERS",
    "REGISTRATION",
    "SILENCE",
    "Filled",
    "LoadedReplies",
    "RepliesLoaded",
    "ReplyTemplate",
    "choose",
    "fill",
    "lacking_mentions",
    "load_replies",
    "missing_in",
    "placeholders_in",
    "read_folder",
    "reply_templates",
]
