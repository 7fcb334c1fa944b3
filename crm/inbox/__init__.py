"""What reaches us from outside: kept raw, understood, and given an end that everybody can read."""

from crm.inbox.actions import store_inbound
from crm.inbox.calls import screens_concerned
from crm.inbox.clues import places_in, references_in
from crm.inbox.coming import UNSEEN
from crm.inbox.events import InboundSettled, InboundStored
from crm.inbox.keeping import mark_kept, raw_to_keep, raws_left_waiting
from crm.inbox.models import Inbound, Outcome
from crm.inbox.reading import (
    ArrivalLine,
    ArrivalSheet,
    Passed,
    age_of,
    arrivals_to_sort,
    one_arrival,
    raw_of,
    read_again,
    to_sort_count,
)
from crm.inbox.reconciliation import Balance, Came, Reconciliation, reconcile, what_came
from crm.inbox.safe_html import SafeHtml, safe_html
from crm.inbox.triage import (
    ELSEWHERE,
    TRANSMITTED,
    Aside,
    answer_arrival,
    attach_arrival,
    confirm_sender,
    forward_arrival,
    made_case,
    set_arrival_aside,
    take_answer_back,
    take_arrival_back,
)
from crm.inbox.understanding import understand
from crm.inbox.waiting import (
    WAITING_AGES,
    AgeLimits,
    WaitingPile,
    age_limits,
    arrivals_waiting,
    piles_to_sort,
)

__all__ = [
    "ELSEWHERE",
    "TRANSMITTED",
    "UNSEEN",
    "WAITING_AGES",
    "AgeLimits",
    "ArrivalLine",
    "ArrivalSheet",
    "Aside",
    "Balance",
    "Came",
    "Inbound",
    "InboundSettled",
    "InboundStored",
    "Outcome",
    "Passed",
    "Reconciliation",
    "SafeHtml",
    "WaitingPile",
    "age_limits",
    "age_of",
    "answer_arrival",
    "arrivals_to_sort",
    "arrivals_waiting",
    "attach_arrival",
    "confirm_sender",
    "forward_arrival",
    "made_case",
    "mark_kept",
    "one_arrival",
    "piles_to_sort",
    "places_in",
    "raw_of",
    "raw_to_keep",
    "raws_left_waiting",
    "read_again",
    "reconcile",
    "references_in",
    "safe_html",
    "screens_concerned",
    "set_arrival_aside",
    "store_inbound",
    "take_answer_back",
    "take_arrival_back",
    "to_sort_count",
    "understand",
    "what_came",
]
