"""SMS by a provider that Apprise knows (OVH, Twilio, Vonage, and a hundred more): one address, one port.

The address holds the provider's keys, and `{to}` where the number of the person goes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from crm.channels.port import Channel, Limits, Outbound, Refused
from crm.channels.sms_text import as_sent
from crm.foundation import Settings, SettingsError, Unavailable

CARRIES = "sms"
_TO = "{to}"
_LIKE = "+33639980001"  # of the numbers kept for fictions: only to see whether the address is well written
_ERROR = re.compile(r"error=(\d{3})\b")  # how each of its providers tells the answer it got
_BUSY = {408, 425, 429}
_KEY = {401, 403}


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    url: SecretStr = field(repr=False)
    label: ClassVar[str] = "SMS"
    limits: ClassVar[Limits] = Limits(characters=459, subject=False)
    by_hand: ClassVar[bool] = False

    @contextmanager
    def open(self) -> Iterator[AppriseChannel]:
        yield self

    def send(self, message: Outbound) -> str:
        """Apprise says yes or no; why is in its log alone, which is read here and goes nowhere else."""
        with _listening() as said:
            provider = _provider(self.url.get_secret_value(), message.recipient)
            if provider is None:
                raise Refused("bad_address")
            if provider.notify(body=as_sent(message.body)):
                return str(message.id)
        raise _why(said)


def _provider(url: str, number: str) -> Any:
    """None when Apprise cannot read the address, or the provider the number."""
    # A hundred providers: loaded where this channel is set, and nowhere else.
    providers = import_module("apprise").Apprise
    return providers.instantiate(url.replace(_TO, quote(number.removeprefix("~"), safe="")))


def _why(said: list[str]) -> Exception:
    codes = [int(found) for line in said for found in _ERROR.findall(line)]
    final = [code for code in codes if 400 <= code < 500 and code not in _BUSY | _KEY]
    if final:
        return Refused(f"http_{final[0]}")
    return Unavailable(server="sms", why=f"http_{codes[0]}" if codes else "provider")


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise logs names the recipient and, sometimes, keys: it is heard here and not handed on."""
    logger, kept = logging.getLogger("apprise"), _Kept()
    before, logger.propagate = logger.propagate, False
    logger.addHandler(kept)
    try:
        yield kept.said
    finally:
        logger.removeHandler(kept)
        logger.propagate = before


def build(settings: Settings) -> Channel | None:
    """Raises SettingsError: an address that Apprise cannot read."""
    url = settings.sms.apprise_url.get_secret_value()
    if not url:
        return None
    with _listening():
        known = _TO in url and _provider(url, _LIKE) is not None
    if not known:
        raise SettingsError(["sms.apprise_url : adresse qu’Apprise ne connaît pas, ou sans « {to} »"])
    return AppriseChannel(settings.sms.apprise_url)
