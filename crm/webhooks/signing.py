"""Standard Webhooks: https://www.standardwebhooks.com, symmetric signatures.

A subscriber's secret is derived, not kept: whoever copies the database can forge nothing. Changing the
programme's own secret changes theirs; they are then to be given anew.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_PREFIX = "whsec_"


def new_salt() -> str:
    return secrets.token_urlsafe(24)


def secret_of(programme_secret: str, salt: str) -> str:
    """`whsec_…`, as the subscriber is told it."""
    return _PREFIX + base64.b64encode(_derived(programme_secret, salt)).decode()


def signed(programme_secret: str, salt: str, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The three headers; the same message has the same id at each try, so that doubles can be told."""
    moment = str(int(at.timestamp()))
    told = f"{message_id}.{moment}.".encode() + body
    mark = hmac.new(_derived(programme_secret, salt), told, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
        "Content-Type": "application/json",
    }


def as_bytes(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _derived(programme_secret: str, salt: str) -> bytes:
    return hmac.new(programme_secret.encode(), f"webhook:{salt}".encode(), hashlib.sha256).digest()
