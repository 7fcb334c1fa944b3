"""Names that only we can give: in what answers us, they prove which message of ours it answers.

Anybody may type a reference; nobody can make these without the secret key.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr

from crm.channels.mail_text import mail_domain
from crm.foundation import Settings

_MAC = 16  # letters of base32: 80 bits
_MESSAGE = re.compile(r"<(\d{1,18}\.[0-9a-f]{16})\.([a-z2-7]{16})@[^<>\s]{1,200}>")
_ADDRESS = re.compile(r"\+(\d{1,18})-([a-z2-7]{16})@")


@dataclass(frozen=True, slots=True)
class ThreadNames:
    """
    Args:
        key: without one nothing is recognised, since anybody could have made it.
        plus: whether our server delivers `box+word@domain` to `box@domain`.
    """

    key: bytes = field(repr=False)
    domain: str
    reply_to: str
    plus: bool = True

    def message_id(self, interaction_id: int) -> str:
        """A Message-ID for this message of ours, never twice the same."""
        said = f"{interaction_id}.{secrets.token_hex(8)}"
        return f"<{said}.{self._mac('message', said)}@{self.domain}>"

    def reply_address(self, interaction_id: int) -> str:
        """Where an answer to this message is to be sent."""
        local, at, domain = parseaddr(self.reply_to)[1].rpartition("@")
        if not (self.plus and self.key and at and interaction_id):
            return self.reply_to
        said = str(interaction_id)
        return f"{local}+{said}-{self._mac('address', said)}@{domain}"

    def from_address(self, address: str) -> int | None:
        """The message of ours whose answers go there."""
        found = _ADDRESS.search(address.lower())
        if found and self._is_ours("address", found[1], found[2]):
            return int(found[1])
        return None

    def from_message_ids(self, text: str) -> list[int]:
        """The messages of ours whose Message-IDs stand in the text, in its order."""
        return [
            int(found[1].partition(".")[0])
            for found in _MESSAGE.finditer(text)
            if self._is_ours("message", found[1], found[2])
        ]

    def from_addresses(self, addresses: Iterable[str]) -> list[int]:
        return [known for one in addresses if (known := self.from_address(one)) is not None]

    def _is_ours(self, purpose: str, said: str, mac: str) -> bool:
        return bool(self.key) and hmac.compare_digest(self._mac(purpose, said), mac)

    def _mac(self, purpose: str, said: str) -> str:
        digest = hmac.digest(self.key, f"mail {purpose} {said}".encode(), "sha256")
        return b32encode(digest).decode().lower()[:_MAC]


def thread_names(settings: Settings) -> ThreadNames:
    return ThreadNames(
        key=settings.secret_key.get_secret_value().encode(),
        domain=mail_domain(settings.mail.sender),
        reply_to=settings.mail.reply_to,
        plus=settings.mail.plus_address,
    )
