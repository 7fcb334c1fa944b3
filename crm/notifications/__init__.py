"""Which message tells whom what, and what became of the work that facts left to do."""

from crm.notifications.actions import retry_delivery, waive_receipts
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
from crm.notifications.away import is_away, note_away, note_back
from crm.notifications.batches import (
    Batch,
    batch_letters,
    letter_batches,
    letters_of_batch,
    letters_without_batch,
    mark_batch_sent,
    one_batch,
    undo_batch,
)
from crm.notifications.composing import (
    compose,
    compose_any_way,
    compose_call,
    compose_confirmation,
    draft,
    draft_answer,
)
from crm.notifications.continuing import compose_continuation
from crm.notifications.delays import compose_delay
from crm.notifications.digests import digest_text, monday_of, queue_digest
from crm.notifications.events import DeliveryParked, DeliveryRetried, ReceiptHeldBack, ReceiptsWaived
from crm.notifications.filling import Draft, about_no_case, one_below_the_other, read_on_case, text_for
from crm.notifications.followers import News, Told, compose_joined, compose_news, told_of
from crm.notifications.legal_receipts import begin_receipts, fingerprint, owe_again
from crm.notifications.letters import print_batch, print_letters
from crm.notifications.models import Receipt, ReceiptClock, TimetableRun, WeeklyDigest
from crm.notifications.other_ways import reach_otherwise
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
from crm.notifications.owed import owed
from crm.notifications.reaching import failing_by, reach_of, reachable
from crm.notifications.receipt_lists import (
    ClockLine,
    KeptReceipt,
    ReceiptLine,
    SilentCase,
    clocks_of_case,
    decided_by_silence,
    receipt_breaches,
    receipt_by_token,
    receipts_at_risk,
    receipts_of_case,
)
from crm.notifications.receipt_watch import make_what_is_missing, note_what_left
from crm.notifications.receipts import no_receipt_for, receipt_held_back
from crm.notifications.refusals import RefusedMessage, refused_messages
from crm.notifications.reply_notices import reply_notice
from crm.notifications.restrained import have_it_said, have_said_what_was_held, may_leave
from crm.notifications.saying import Day, Hour, Value, Values, Words, noon
from crm.notifications.sms_wishes import SMS_WISHES, compose_sms_wish
from crm.notifications.wording import RETURNED

__all__ = [
    "RETURNED",
    "SMS_WISHES",
    "TRIES",
    "Batch",
    "Claimed",
    "ClockLine",
    "Day",
    "DeliveryParked",
    "DeliveryRetried",
    "Draft",
    "Hour",
    "KeptDraft",
    "KeptReceipt",
    "News",
    "OutboxState",
    "ParkedDelivery",
    "Receipt",
    "ReceiptClock",
    "ReceiptHeldBack",
    "ReceiptLine",
    "ReceiptsWaived",
    "RefusedMessage",
    "SilentCase",
    "TimetableRun",
    "Told",
    "Value",
    "Values",
    "WeeklyDigest",
    "Words",
    "about_no_case",
    "answer_drafts",
    "batch_letters",
    "begin_receipts",
    "claim_due",
    "clocks_of_case",
    "compose",
    "compose_any_way",
    "compose_call",
    "compose_confirmation",
    "compose_continuation",
    "compose_delay",
    "compose_joined",
    "compose_news",
    "compose_sms_wish",
    "decided_by_silence",
    "digest_text",
    "draft",
    "draft_answer",
    "drop_draft",
    "failing_by",
    "fingerprint",
    "have_it_said",
    "have_said_what_was_held",
    "is_away",
    "letter_batches",
    "letters_of_batch",
    "letters_without_batch",
    "make_what_is_missing",
    "mark_batch_sent",
    "may_leave",
    "monday_of",
    "no_receipt_for",
    "noon",
    "note_away",
    "note_back",
    "note_sent",
    "note_what_left",
    "one_batch",
    "one_below_the_other",
    "outbox_state",
    "owe_again",
    "owed",
    "parked_deliveries",
    "pause",
    "print_batch",
    "print_letters",
    "prune_done",
    "prune_drafts",
    "queue_digest",
    "reach_of",
    "reach_otherwise",
    "reachable",
    "read_on_case",
    "receipt_breaches",
    "receipt_by_token",
    "receipt_held_back",
    "receipts_at_risk",
    "receipts_of_case",
    "refused_messages",
    "reply_notice",
    "retry_delivery",
    "save_draft",
    "take_back",
    "take_over_draft",
    "text_for",
    "told_of",
    "undo_batch",
    "waive_receipts",
]
