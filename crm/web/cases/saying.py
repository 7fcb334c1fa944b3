"""What a fact holds, in words."""

from __future__ import annotations

from datetime import date, datetime

from crm.http import gettext as _
from crm.http import in_sentence, wording
from crm.http.dates import full_day, hour, moment
from crm.interactions import KINDS
from crm.routing import Reason, reason_sentence
from crm.trail import TrailEntry
from crm.web.explaining import category_label, danger_words, names, unit_name

_REASONS = {
    "files.not_fetched": "media_error",
    "call.ended": "call_reason",
    "case.bounced": "bounce_reason",
    "order.sent_back": "bounce_reason",
    "case.reopened": "reopen_reason",
}


def say(fact: TrailEntry, hole: str, value: object) -> str:
    """The word for a code of a fact: (fact, "unit", 3) → « Éclairage public »."""
    code = str(value)
    spoken = {
        "unit": lambda: unit_name(int(code)),
        "category": lambda: category_label(code),
        "planned_on": lambda: full_day(date.fromisoformat(code)),
        "day": lambda: full_day(date.fromisoformat(code)),
        "due_on": lambda: full_day(date.fromisoformat(code)),
        "outcome": lambda: wording(code, "outcome").lower(),
        "channel": lambda: in_sentence(wording(code, "channel")),
        "message_kind": lambda: _(KINDS.get(code, code)),
        "note_kind": lambda: _(KINDS.get(code, code)),
        "interaction_kind": lambda: _(KINDS.get(code, code)),
        "reason": lambda: _reason(fact, code),
        "purpose": lambda: in_sentence(wording(code, "guest_purpose")),
        "answer": lambda: in_sentence(wording(code, "guest_answer")),
        "whom": lambda: wording(code, "called_out"),
        "news": lambda: wording(code, "news"),
        "danger": lambda: danger_words(code),
        "outside": lambda: in_sentence(wording(code, "outside")),
        "restriction": lambda: in_sentence(wording(code, "restriction")),
        "meeting": lambda: in_sentence(wording(code, "meeting")),
        "done_at": lambda: moment(datetime.fromisoformat(code)),
        "starts_at": lambda: moment(datetime.fromisoformat(code)),
        "since": lambda: moment(datetime.fromisoformat(code)),
        "until": lambda: hour(datetime.fromisoformat(code)),
    }
    return spoken[hole]() if hole in spoken else code


def _reason(fact: TrailEntry, code: str) -> str:
    if family := _REASONS.get(fact.kind):
        return wording(code, family).lower()
    if code == "not_ours":
        return _("ce lieu ou ce sujet ne dépend pas de nous")
    category = str(fact.data.get("category") or "")
    unit = str(fact.data.get("unit_id") or "—")
    return reason_sentence(Reason(code, {"category": category, "unit": unit}), names())
