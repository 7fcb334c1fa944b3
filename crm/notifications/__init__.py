"""Which message tells whom what, and what became of the work that facts left to do."""

from crm.notifications.actions import retry_delivery
from crm.notifications.answer_drafts import (
    KeptDraft,
    answer_drafts,
    drop_draft,
    note_sent,
    prune_drafts,
    save_draft,
    take_back,
    take_over_draft,
)
from crm.notifications.composing import (
    Draft,
    compose,
    compose_confirmation,
    compose_handover,
    draft,
    draft_answer,
    reach_of,
    reachable,
)
from crm.notifications.delays import compose_delay
from crm.notifications.digests import digest_text, monday_of, queue_digest
from crm.notifications.events import DeliveryParked, DeliveryRetried, ReceiptHeldBack
from crm.notifications.followers import News, Told, compose_joined, compose_news, told_of
from crm.notifications.letters import print_letters
from crm.notifications.models import TimetableRun, WeeklyDigest
from crm.notifications.outbox import (
    TRIES,
    Claimed,
    OutboxState,
    ParkedDelivery,
    claim_due,
    outbox_state,
    parked_deliveries,
    pause,
    prune_done,
)
from crm.notifications.receipts import no_receipt_for, receipt_held_back

__all__ = [
    "TRIES",
    "Claimed",
    "DeliveryParked",
    "DeliveryRetried",
    "Draft",
    "KeptDraft",
    "News",
    "OutboxState",
    "ParkedDelivery",
    "ReceiptHeldBack",
    "TimetableRun",
    "Told",
    "WeeklyDigest",
    "answer_drafts",
    "claim_due",
    "compose",
    "compose_confirmation",
    "compose_delay",
    "compose_handover",
    "compose_joined",
    "compose_news",
    "digest_text",
    "draft",
    "draft_answer",
    "drop_draft",
    "monday_of",
    "no_receipt_for",
    "note_sent",
    "outbox_state",
    "parked_deliveries",
    "pause",
    "print_letters",
    "prune_done",
    "prune_drafts",
    "queue_digest",
    "reach_of",
    "reachable",
    "receipt_held_back",
    "retry_delivery",
    "save_draft",
    "take_back",
    "take_over_draft",
    "told_of",
]
