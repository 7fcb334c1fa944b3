"""What happens with people outside, in the past tense. Codes and ids only; words stand in interactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from crm.foundation import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideEvent(Event):
    """On the timeline of the case."""

    subject_kind: ClassVar[str] = "case"
    link_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAsked(OutsideEvent):
    """An extract leaves for an opinion or for a contractor; a referral has its own fact, `case.referred`."""

    kind: ClassVar[str] = "guest.asked"
    purpose: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven(OutsideEvent):
    kind: ClassVar[str] = "guest.opinion_given"
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered(OutsideEvent):
    kind: ClassVar[str] = "guest.referral_answered"
    answer: str
    interaction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestOverdue(OutsideEvent):
    """The day has passed and nothing came."""

    kind: ClassVar[str] = "guest.overdue"
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLinkRevoked(OutsideEvent):
    kind: ClassVar[str] = "guest.revoked"
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLinkSeen(Event):
    """Somebody opened it: the recipient, whoever they forwarded it to, or their mail's own scanner."""

    kind: ClassVar[str] = "guest.seen"
    subject_kind: ClassVar[str] = "guest_link"
