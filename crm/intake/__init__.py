"""Whatever arrives becomes contact, interaction and case."""

from crm.intake.actions import Demand, register_demand
from crm.intake.calling import Conversation, ForSomebody
from crm.intake.drafts import (
    AlreadySent,
    DraftSheet,
    Kept,
    Overtaken,
    Typed,
    call_back_later,
    draft_count,
    drafts_of,
    keep_draft,
    one_draft,
    prune_drafts,
    throw_away_draft,
)
from crm.intake.importing import PastCase, import_cases
from crm.intake.places import PlaceGiven, resolve_place

__all__ = [
    "Conversation",
    "AlreadySent",
    "Demand",
    "DraftSheet",
    "Kept",
    "Overtaken",
    "ForSomebody",
    "PastCase",
    "PlaceGiven",
    "Typed",
    "call_back_later",
    "draft_count",
    "drafts_of",
    "import_cases",
    "keep_draft",
    "one_draft",
    "prune_drafts",
    "register_demand",
    "resolve_place",
    "throw_away_draft",
]
