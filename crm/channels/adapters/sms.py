"""SMS by a provider's HTTP gateway: POST JSON {id, to, text, sender}, bearer token, JSON back.

What the provider tells us comes signed to /hooks/sms; see docs/channels/sms.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import requests

from crm.channels.arrivals import Arrival, Nature, Receiver, Understood, Unreadable
from crm.channels.json_pieces import object_in, pieces_of
from crm.channels.numbers import e164, moment
from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.channels.signing import check_signature
from crm.channels.sms_text import as_sent
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Sms

_BUSY = {408, 425, 429}  # the gateway asks for patience, it does not refuse
_KEY = {401, 403}  # our key, not this message
_STATES = frozenset({"sent", "delivered", "failed"})


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """The gateway that [sms] names."""

    sms: Sms = field(repr=False)
    label: ClassVar[str] = "SMS"
    limits: ClassVar[Limits] = Limits(characters=459, subject=False)  # three parts in GSM-7
    by_hand: ClassVar[bool] = False

    @contextmanager
    def open(self) -> Iterator[_Sender]:
        with requests.Session() as web:
            web.headers["Authorization"] = f"Bearer {self.sms.token.get_secret_value()}"
            yield _Sender(web, self.sms)


@dataclass(frozen=True, slots=True)
class _Sender:
    web: requests.Session
    sms: Sms

    def send(self, message: Outbound) -> str:
        asked = {
            "id": str(message.id),
            "to": message.recipient,
            "text": as_sent(message.body),
            "sender": self.sms.sender,
        }
        try:
            answer = self.web.post(
                self.sms.url, json=asked, timeout=self.sms.timeout_seconds, allow_redirects=False
            )
        except requests.RequestException as told:
            raise Unavailable(server="sms", why=type(told).__name__) from told
        if answer.status_code >= 500 or answer.status_code in _BUSY | _KEY:
            raise Unavailable(server="sms", why=f"http_{answer.status_code}")
        if not answer.ok or answer.is_redirect:
            raise Refused(f"http_{answer.status_code}")
        return _provider_id(answer) or str(message.id)


def _provider_id(answer: requests.Response) -> str:
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return ""
    return str(told.get("id", "")) if isinstance(told, dict) else ""


@dataclass(frozen=True, slots=True)
class SmsReceiver:
    """A message: {"type", "id", "from", "to", "text", "at"}; a receipt: {"type", "id", "ref", "state"}."""

    sms: Sms = field(repr=False)
    label: ClassVar[str] = "SMS"

    def arrivals(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Arrival]:
        check_signature(self.sms.webhook_secret.get_secret_value(), headers, body, now)
        return [_arrival(one) for one in pieces_of(body)]

    def understand(self, arrival: Arrival) -> Understood:
        told = object_in(arrival.content)
        if told.get("type") == "message":
            return _message(told)
        if told.get("type") == "receipt":
            return _receipt(told)
        raise Unreadable("unknown_event")


def _arrival(content: bytes) -> Arrival:
    """By the provider's id; without one, the same words told twice in the same terms are one arrival."""
    named = hashlib.sha256(content).hexdigest()
    source = ""
    try:
        told = object_in(content)
    except Unreadable:
        told = {}
    if told.get("id") and told.get("type"):
        named = ":".join(str(told.get(key) or "")[:200] for key in ("type", "id", "state"))
        source = str(told.get("to") or "")[:200]
    return Arrival(external_id=named, source=source, content=content, media_type="application/json")


def _message(told: Mapping[str, Any]) -> Understood:
    sender, text = e164(told.get("from")), told.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("no_text")
    return Understood(
        sender=sender or str(told.get("from") or "")[:60],  # a name of eleven letters is no number
        recipients=(e164(told.get("to")),),
        text=text,
        sent_at=moment(told.get("at")),
    )


def _receipt(told: Mapping[str, Any]) -> Understood:
    state = str(told.get("state", ""))
    if state not in _STATES:
        raise Unreadable("unknown_event")
    return Understood(
        nature=Nature.RECEIPT,
        sent_at=moment(told.get("at")),
        details={
            "state": state,
            "provider_id": str(told.get("id") or "")[:200],
            "ref": str(told.get("ref") or "")[:20],
            "status": re.sub(r"[^\w-]", "", str(told.get("reason") or ""))[:40],
        },
    )


def build(settings: Settings) -> Channel | None:
    return SmsChannel(settings.sms) if settings.sms.url else None


def build_receiver(settings: Settings) -> Receiver | None:
    return SmsReceiver(settings.sms) if settings.sms.webhook_secret.get_secret_value() else None
