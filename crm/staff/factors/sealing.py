"""What the database must not tell by itself, under a key made of the installation's secret key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Closes a secret for one agent: copied beside another's name, it opens no more."""

    def __init__(self, secret_key: str) -> None:
        key = HKDF(SHA256(), 32, salt=None, info=b"agents' second factor").derive(secret_key.encode())
        self._fernet = Fernet(urlsafe_b64encode(key))

    def close(self, agent_id: int, secret: str, now: datetime) -> str:
        return self._fernet.encrypt_at_time(f"{agent_id} {secret}".encode(), int(now.timestamp())).decode()

    def open(self, agent_id: int, sealed: str) -> str | None:
        """None for what was not closed here for this agent: forged, or the secret key was changed since."""
        try:
            owner, _, secret = self._fernet.decrypt(sealed.encode()).decode().partition(" ")
        except (InvalidToken, UnicodeError):
            return None
        return secret if owner == str(agent_id) else None

    def closed_at(self, sealed: str) -> datetime:
        """Of what opens."""
        return datetime.fromtimestamp(self._fernet.extract_timestamp(sealed.encode()), UTC)
