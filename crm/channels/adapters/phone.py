"""What a telephone exchange tells of calls: JSON, signed; whoever makes the exchange.

One call a request, or several in a list: {"call", "event": new | answered | hung_up | missed, "caller",
"line", "agent": extension or log-in, "at": ISO 8601}. See docs/channels/phone.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from crm.channels.arrivals import Arrival, Nature, Receiver, Understood, Unreadable
from crm.channels.json_pieces import object_in, pieces_of
from crm.channels.numbers import e164, moment
from crm.channels.signing import check_signature
from crm.foundation import Settings
from crm.foundation.settings import Phone

_STEPS = frozenset({"new", "answered", "hung_up", "missed"})
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class PhoneReceiver:
    """`at_once`: somebody looks at a screen that rings; it is understood in the request that brings it."""

    phone: Phone = field(repr=False)
    label: ClassVar[str] = "Téléphone"
    at_once: ClassVar[bool] = True

    def arrivals(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Arrival]:
        check_signature(self.phone.secret.get_secret_value(), headers, body, now)
        return [_arrival(one) for one in pieces_of(body)]

    def understand(self, arrival: Arrival) -> Understood:
        told = object_in(arrival.content)
        step, call, at = str(told.get("event", "")), str(told.get("call", "")), moment(told.get("at"))
        if step not in _STEPS:
            raise Unreadable("unknown_event")
        if not call or len(call) > _LONGEST:
            raise Unreadable("no_call_id")
        line = str(told.get("line") or "")[:_LONGEST]
        return Understood(
            nature=Nature.CALL,
            sender=e164(told.get("caller")),
            sent_at=at,
            details={
                "call": call,
                "event": step,
                "line": self.phone.lines.get(line, line),
                "agent": str(told.get("agent") or "")[:_LONGEST],
            },
        )


def _arrival(content: bytes) -> Arrival:
    """The same thing told twice is one arrival, even by another request."""
    try:
        told = object_in(content)
        named = [str(told[key]) for key in ("call", "event")] + [str(told.get("agent") or "")]
    except (Unreadable, KeyError):
        named = [hashlib.sha256(content).hexdigest()]
    return Arrival(external_id=":".join(named)[:600], content=content, media_type="application/json")


def build_receiver(settings: Settings) -> Receiver | None:
    return PhoneReceiver(settings.phone) if settings.phone.secret.get_secret_value() else None
