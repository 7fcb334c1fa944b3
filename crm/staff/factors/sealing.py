"""What the database must not tell by itself, under a key made of the installation's secret key."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Closes a secret for one agent: copied beside another's name, it opens no more."""

    def __init__(self, secret_key: str) -> None:
        key = HKDF(SHA256(), 32, salt=None, info=b"agents' second factor").derive(secret_key.encode())
        self._fernet = Fernet(urlsafe_b64encode(key))

    def close(self, agent_id: int, secret: str) -> str:
        return self._fernet.encrypt(f"{agent_id} {secret}".encode()).decode()

    def open(self, agent_id: int, sealed: str) -> str | None:
        """None for what was not closed here for this agent: forged, or the secret key was changed since."""
        try:
            owner, _, secret = self._fernet.decrypt(sealed.encode()).decode().partition(" ")
        except (InvalidToken, UnicodeError):
            return None
        return secret if owner == str(agent_id) else None
