"""Every exchange about a case, and how far each message got."""

from crm.interactions.actions import (
    add_note,
    cancel_messages,
    mark_called,
    mark_printed,
    queue_message,
    record_interaction,
)
from crm.interactions.callbacks import ask_to_reach, attach_call_back, promise_call_back
from crm.interactions.calls import Call, CallReason, end_call
from crm.interactions.caps import hold_back_excess
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
from crm.interactions.phone_calls import (
    CallCard,
    CallStep,
    CallTold,
    PhoneCall,
    call_for,
    call_to_say,
    note_call,
    qualify_call,
)
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
from crm.interactions.sms_told import Delivered, cases_told_by_sms, note_delivery
from crm.interactions.wording import CHANNELS, KINDS, STATES

__all__ = [
    "CHANNELS",
    "KINDS",
    "STATES",
    "Call",
    "CallCard",
    "CallEnded",
    "CallMade",
    "CallReason",
    "CallStep",
    "CallTold",
    "Delivered",
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
    "PhoneCall",
    "SendingState",
    "Sent",
    "Talk",
    "Waiting",
    "add_note",
    "ask_to_reach",
    "attach_call_back",
    "begin_sending",
    "call_for",
    "call_to_say",
    "calls_to_make",
    "cancel_held",
    "cancel_messages",
    "cases_told_by_sms",
    "end_call",
    "exchanges",
    "exchanges_of_follower",
    "exchanges_with",
    "hold_back_excess",
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
    "note_call",
    "note_delivery",
    "one_message",
    "promise_call_back",
    "qualify_call",
    "queue_message",
    "receipts_since",
    "record_interaction",
    "unsent_count",
    "waiting_for_a_hand",
]
