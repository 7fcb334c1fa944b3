"""How an agent is told of things: which ones, by which mail, and when they are left in peace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.foundation import PARIS
from crm.promises.models import NoticeChoice

# What may be told, in the order of the screen. Neither an emergency nor the law is anybody's to silence.
URGENT_KINDS = ("urgent_called", "urgent_escalated")
_LEGAL_KINDS = ("silence_nears",)
KINDS_TO_MUTE = (
    "resolution_half",
    "resolution_nearly",
    "resolution_due",
    "resolution_overdue",
    "acceptance_due",
    "first_answer_due",
    "answer_nearly",
    "answer_due",
    "answer_overdue",
    "nobody",
    "to_decide",
    "call_near",
    "call_begun",
    "call_missed",
    "order_asked",
    "order_late",
    "opinion_given",
    "referral_answered",
    "referral_refused",
    "referral_silent",
)
KINDS = (*URGENT_KINDS, *_LEGAL_KINDS, *KINDS_TO_MUTE)


@dataclass(frozen=True, slots=True)
class Choices:
    """Args:
    mail: how often an e-mail gathers what was not read: never, at_once, daily, weekly.
    quiet_from, quiet_until: hours of Paris between which no mail leaves; the same twice: none.
    """

    mail: str = "weekly"
    muted: frozenset[str] = frozenset()
    quiet_from: int = 20
    quiet_until: int = 8

    def is_quiet(self, at: datetime) -> bool:
        hour = at.astimezone(PARIS).hour
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def wants(self, kind: str) -> bool:
        return kind not in KINDS_TO_MUTE or kind not in self.muted


USUAL = Choices()


def choices_of(session: Session, agent_ids: set[int]) -> Mapping[int, Choices]:
    """Agent → what they chose; the usual for who chose nothing."""
    rows = session.scalars(sa.select(NoticeChoice).where(NoticeChoice.agent_id.in_(agent_ids)))
    chosen = {
        row.agent_id: Choices(row.mail, frozenset(row.muted), row.quiet_from, row.quiet_until) for row in rows
    }
    return {id_: chosen.get(id_, USUAL) for id_ in agent_ids}
