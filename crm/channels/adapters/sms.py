"""SMS by a provider's HTTP gateway: POST JSON {id, to, text, sender}, bearer token, JSON back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

import requests

from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.foundation import Settings, Unavailable
from crm.foundation.settings import Sms

_BUSY = {408, 425, 429}  # the gateway asks for patience, it does not refuse
_KEY = {401, 403}  # our key, not this message


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
            "text": message.body,
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


def build(settings: Settings) -> Channel | None:
    return SmsChannel(settings.sms) if settings.sms.url else None
