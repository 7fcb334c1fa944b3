"""What reaches us from outside: kept raw, understood, and given an end that everybody can read."""

from crm.inbox.actions import store_inbound
from crm.inbox.calls import screens_concerned
from crm.inbox.clues import places_in, references_in
from crm.inbox.events import InboundSettled, InboundStored
from crm.inbox.keeping import mark_kept, raw_to_keep, raws_left_waiting
from crm.inbox.models import Inbound, Outcome
from crm.inbox.reading import (
    ArrivalLine,
    ArrivalSheet,
    Passed,
    age_of,
    arrivals_of,
    arrivals_to_sort,
    one_arrival,
    raw_of,
    read_again,
    to_sort_count,
)
from crm.inbox.reconciliation import UNSEEN, Balance, Reconciliation, Unproven, reconcile
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
    take_arrival_back,
)
from crm.inbox.understanding import understand

__all__ = [
    "ELSEWHERE",
    "TRANSMITTED",
    "UNSEEN",
    "ArrivalLine",
    "ArrivalSheet",
    "Aside",
    "Balance",
    "Inbound",
    "InboundSettled",
    "InboundStored",
    "Outcome",
    "Passed",
    "Reconciliation",
    "SafeHtml",
    "Unproven",
    "age_of",
    "answer_arrival",
    "arrivals_of",
    "arrivals_to_sort",
    "attach_arrival",
    "confirm_sender",
    "forward_arrival",
    "made_case",
    "mark_kept",
    "one_arrival",
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
    "take_arrival_back",
    "to_sort_count",
    "understand",
]
