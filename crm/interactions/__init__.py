"""Every exchange about a case, and how far each message got."""

from crm.interactions.actions import (
    add_note,
    cancel_messages,
    mark_called,
    mark_printed,
    queue_message,
    record_interaction,
)
from crm.interactions.callbacks import attach_call_back, promise_call_back
from crm.interactions.calls import Call, CallReason, end_call
from crm.interactions.counts import Waiting, waiting_for_a_hand
from crm.interactions.events import (
    CallEnded,
    CallMade,
    InteractionRecorded,
    LetterPrinted,
    MessageCancelled,
    MessageQueued,
    MessageRefused,
    MessageSent,
    NoteAdded,
)
from crm.interactions.given import Message, NotSent, Sent
from crm.interactions.holding import Held, cancel_held, last_held
from crm.interactions.models import Direction, Interaction, SendingState
from crm.interactions.of_usager import Talk, exchanges_with
from crm.interactions.queries import (
    Exchange,
    calls_to_make,
    exchanges,
    exchanges_of_follower,
    known_exchange,
    last_messages,
    last_told,
    letters_to_print,
    one_message,
    receipts_since,
    unsent_count,
)
from crm.interactions.sending import MessageToSend, begin_sending, mark_failed, mark_refused, mark_sent
from crm.interactions.wording import CHANNELS, KINDS, STATES

__all__ = [
    "CHANNELS",
    "KINDS",
    "STATES",
    "Call",
    "CallEnded",
    "CallMade",
    "CallReason",
    "Direction",
    "Exchange",
    "Held",
    "Interaction",
    "InteractionRecorded",
    "LetterPrinted",
    "Message",
    "MessageCancelled",
    "MessageQueued",
    "MessageRefused",
    "MessageSent",
    "MessageToSend",
    "NotSent",
    "NoteAdded",
    "SendingState",
    "Sent",
    "Talk",
    "Waiting",
    "add_note",
    "attach_call_back",
    "begin_sending",
    "calls_to_make",
    "cancel_held",
    "cancel_messages",
    "end_call",
    "exchanges",
    "exchanges_of_follower",
    "exchanges_with",
    "known_exchange",
    "last_held",
    "last_messages",
    "last_told",
    "letters_to_print",
    "mark_called",
    "mark_failed",
    "mark_printed",
    "mark_refused",
    "mark_sent",
    "one_message",
    "promise_call_back",
    "queue_message",
    "receipts_since",
    "record_interaction",
    "unsent_count",
    "waiting_for_a_hand",
]
