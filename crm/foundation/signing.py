"""The id in a link that leaves us: signed, so that it is kept nowhere and cannot be guessed."""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """The links of one purpose. What was signed for another opens nothing here."""

    purpose: str

    def sign(self, secret_key: str, id_: int) -> str:
        return str(self._serializer(secret_key).dumps(id_))

    def read(self, secret_key: str, token: str) -> int | None:
        """The id, or None for what we did not sign."""
        try:
            found = self._serializer(secret_key).loads(token)
        except BadSignature:
            return None
        return found if isinstance(found, int) else None

    def _serializer(self, secret_key: str) -> URLSafeSerializer:
        return URLSafeSerializer(secret_key, salt=self.purpose)
