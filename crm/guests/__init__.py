"""People outside who have no account: what they are shown of a case, what they answer or do not."""

from crm.guests.actions.answering import answer_link, note_answer, note_reading
from crm.guests.actions.asking import (
    CONTRACTOR,
    LEGAL_BASIS,
    ask_opinion,
    close_links,
    note_sent,
    prepare_referral,
    refer_outside,
    revoke_link,
    send_work,
)
from crm.guests.actions.watching import to_call_silent, to_remind
from crm.guests.composing import Shown, message_for, reminder_for
from crm.guests.contested import ClosureLine, closures_contested
from crm.guests.contractors import ContractorLine, contractor_report
from crm.guests.events import (
    GuestAsked,
    GuestLinkRevoked,
    GuestLinkSeen,
    GuestOverdue,
    OpinionGiven,
    ReferralAnswered,
)
from crm.guests.given import Asking, checked
from crm.guests.keys import PLACE, draw_key, with_keys
from crm.guests.purposes import DELAYS, Answer, Purpose, guest, usual_day
from crm.guests.queries import (
    LISTS,
    GuestSheet,
    guest_counts,
    guest_list,
    last_referral,
    link_of_key,
    links_of_case,
    one_link,
)
from crm.guests.returned import Returned, cases_to_decide, to_decide_count
from crm.guests.said import Said
from crm.guests.standing import Standing

__all__ = [
    "CONTRACTOR", "DELAYS", "LEGAL_BASIS", "LISTS", "PLACE", "Answer", "Asking", "ClosureLine",
    "ContractorLine", "GuestAsked", "GuestLinkRevoked", "GuestLinkSeen", "GuestOverdue", "GuestSheet",
    "OpinionGiven", "Purpose", "ReferralAnswered", "Returned", "Said", "Shown", "Standing", "answer_link",
    "ask_opinion", "cases_to_decide", "checked", "close_links", "closures_contested",
    "contractor_report", "draw_key", "guest", "guest_counts", "guest_list", "last_referral", "link_of_key",
    "links_of_case", "message_for", "note_answer", "note_reading", "note_sent", "one_link",
    "prepare_referral", "refer_outside", "reminder_for", "revoke_link", "send_work", "to_call_silent",
    "to_decide_count", "to_remind", "usual_day", "with_keys",
]  # fmt: skip
