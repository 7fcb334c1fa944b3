"""By which channels a demand may come, and what each is: receipts, clocks, rules and forms rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Manner(StrEnum):
    SENT = "sent"  # by electronic means (CRPA L112-11)
    ON_PAPER = "on_paper"
    SPOKEN = "spoken"  # to one of us, or for the usager by somebody else
    SEEN = "seen"  # by one of our own: nobody asked


ARRIVALS: Mapping[str, Manner] = {
    "phone": Manner.SPOKEN,
    "phone_relay": Manner.SPOKEN,  # a relay service speaks for deaf people
    "desk": Manner.SPOKEN,
    "email": Manner.SENT,
    "web": Manner.SENT,
    "letter": Manner.ON_PAPER,
    "sms": Manner.SENT,
    "social": Manner.SENT,
    "app": Manner.SENT,
    "partner_api": Manner.SENT,
    "relay": Manner.SPOKEN,  # somebody near the usager, who helps them
    "field": Manner.SEEN,
}


def coming(*manners: Manner) -> frozenset[str]:
    """The channels of those manners."""
    return frozenset(channel for channel, manner in ARRIVALS.items() if manner in manners)
