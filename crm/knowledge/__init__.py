"""What the house writes and says to usagers: reply templates, found by what they are for, and short texts."""

from crm.knowledge.actions.loading import LoadedReplies, load_replies
from crm.knowledge.actions.replies import from_kept, publish_reply, write_reply
from crm.knowledge.actions.snippets import (
    publish_snippet,
    snippet_as_kept,
    snippet_from_kept,
    write_snippet,
)
from crm.knowledge.cache import SnippetCache
from crm.knowledge.checking import faults, faults_of_use
from crm.knowledge.events import RepliesLoaded
from crm.knowledge.examples import example_values
from crm.knowledge.files import read_folder
from crm.knowledge.house_rules import NEEDED, Remark, remarks, wording_remarks
from crm.knowledge.mentions import ACKNOWLEDGEMENT, REGISTRATION, SILENCE, lacking_mentions, missing_in
from crm.knowledge.queries import reply_templates, snippet_in_force, snippets, text_in_force
from crm.knowledge.snippets import Snippet, serving, snippet_faults
from crm.knowledge.standing_in import stand_in, winner
from crm.knowledge.templates import (
    CHANNELS,
    ELSEWHERE,
    MESSAGES,
    NOT_SAID_ALOUD,
    PLACEHOLDERS,
    TRANSLATIONS,
    Filled,
    ReplyTemplate,
    Use,
    choose,
    choose_for_reader,
    fill,
    key_of,
    placeholders_in,
    text_for_use,
    use_of,
)
from crm.knowledge.versions import REPLY, SNIPPET, Versions, versions_of

__all__ = [
    "ACKNOWLEDGEMENT", "CHANNELS", "ELSEWHERE", "MESSAGES", "NEEDED", "NOT_SAID_ALOUD", "PLACEHOLDERS",
    "REGISTRATION", "REPLY", "SILENCE", "SNIPPET", "TRANSLATIONS", "Filled", "LoadedReplies", "Remark",
    "RepliesLoaded", "ReplyTemplate", "Snippet", "SnippetCache", "Use", "Versions", "choose",
    "choose_for_reader", "example_values", "faults", "faults_of_use", "fill", "from_kept", "key_of",
    "lacking_mentions", "load_replies", "missing_in", "placeholders_in", "publish_reply", "publish_snippet",
    "read_folder", "remarks", "reply_templates", "serving", "snippet_as_kept", "snippet_faults",
    "snippet_from_kept", "snippet_in_force", "snippets", "stand_in", "text_for_use", "text_in_force",
    "use_of", "versions_of", "winner", "wording_remarks", "write_reply", "write_snippet",
]  # fmt: skip
