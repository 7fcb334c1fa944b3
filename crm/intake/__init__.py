"""Whatever arrives becomes contact, interaction and case."""

from crm.intake.actions import Demand, register_demand
from crm.intake.calling import LONGEST_MOTIVE, Conversation, ForSomebody
from crm.intake.drafts import (
    AlreadySent,
    DraftSheet,
    Fields,
    Kept,
    Overtaken,
    Typed,
    call_back_later,
    draft_count,
    drafts_of,
    keep_before_log_in,
    keep_draft,
    one_draft,
    prune_drafts,
    throw_away_draft,
)
from crm.intake.importing import PastCase, import_cases
from crm.intake.places import PlaceGiven, resolve_place

__all__ = [
    "LONGEST_MOTIVE",
    "AlreadySent",
    "Conversation",
    "Demand",
    "DraftSheet",
    "Fields",
    "ForSomebody",
    "Kept",
    "Overtaken",
    "PastCase",
    "PlaceGiven",
    "Typed",
    "call_back_later",
    "draft_count",
    "drafts_of",
    "import_cases",
    "keep_before_log_in",
    "keep_draft",
    "one_draft",
    "prune_drafts",
    "register_demand",
    "resolve_place",
    "throw_away_draft",
]
