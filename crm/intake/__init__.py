"""Whatever arrives becomes contact, interaction and case."""

from crm.intake.actions import Demand, register_demand
from crm.intake.calling import LONGEST_MOTIVE, Conversation, ForSomebody, note_dangers
from crm.intake.drafts import (
    DRAFTS_OF_AGENT,
    AlreadySent,
    DraftSheet,
    Fields,
    Kept,
    Overtaken,
    Typed,
    call_back_later,
    draft_came_to_nothing,
    draft_count,
    drafts_of,
    forget_old_drafts,
    keep_before_log_in,
    keep_draft,
    one_draft,
    throw_away_draft,
)
from crm.intake.following import MeToo, register_follower
from crm.intake.importing import PastCase, import_cases
from crm.intake.places import PlaceGiven, resolve_place
from crm.intake.walk_ins import (
    WaitingPerson,
    give_number,
    number_of_case,
    people_waiting,
    see_walk_in,
    walk_in_asked,
)

__all__ = [
    "DRAFTS_OF_AGENT",
    "LONGEST_MOTIVE",
    "AlreadySent",
    "Conversation",
    "Demand",
    "DraftSheet",
    "Fields",
    "ForSomebody",
    "Kept",
    "MeToo",
    "Overtaken",
    "PastCase",
    "PlaceGiven",
    "Typed",
    "WaitingPerson",
    "call_back_later",
    "draft_came_to_nothing",
    "draft_count",
    "drafts_of",
    "forget_old_drafts",
    "give_number",
    "import_cases",
    "keep_before_log_in",
    "keep_draft",
    "note_dangers",
    "number_of_case",
    "one_draft",
    "people_waiting",
    "register_demand",
    "register_follower",
    "resolve_place",
    "see_walk_in",
    "throw_away_draft",
    "walk_in_asked",
]
