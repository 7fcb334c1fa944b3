"""Reads what happened: timeline, audit, and the sentence of each fact."""

from crm.trail.queries import (
    LAST_EVENT,
    AuditFilters,
    AuditPage,
    TrailEntry,
    audit,
    last_fact,
    timeline,
    without_taken_back,
)
from crm.trail.sentence import Sentence
from crm.trail.wording import PUBLIC_KINDS, SENTENCES, is_public, mentioned, sentence, who

__all__ = [
    "LAST_EVENT",
    "PUBLIC_KINDS",
    "SENTENCES",
    "AuditFilters",
    "AuditPage",
    "Sentence",
    "TrailEntry",
    "audit",
    "is_public",
    "last_fact",
    "mentioned",
    "sentence",
    "timeline",
    "who",
    "without_taken_back",
]
