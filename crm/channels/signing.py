"""Who calls our hooks: an HMAC-SHA-256 over id, moment and body, as Standard Webhooks lays it down.

Checked before a byte of the body is read for what it says. https://www.standardwebhooks.com
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from crm.channels.arrivals import Forged

WINDOW = timedelta(minutes=5)  # older, it is a recording played again; the clocks of both may differ so much
_BASE64_MARK = "whsec_"


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Returns the id of this sending.

    Args:
        secret: shared with the provider: `whsec_` and base64, or any words.
        headers: `webhook-id`, `webhook-timestamp` in seconds, `webhook-signature`: `v1,…`, once or more.

    Raises:
        Forged: missing, wrong, or too old.
    """
    given = {name.lower(): text for name, text in headers.items()}
    sent_id, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not (secret and sent_id and moment.isascii() and moment.isdigit() and len(moment) <= 11):
        raise Forged()
    if abs(now - datetime.fromtimestamp(int(moment), UTC)) > WINDOW:
        raise Forged()
    expected = sign(secret, sent_id, moment, body)
    shown = given.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in shown):
        raise Forged()
    return sent_id


def sign(secret: str, sent_id: str, moment: str, body: bytes) -> str:
    """`v1,` and the signature: what a provider puts in `webhook-signature`."""
    signed = b".".join((sent_id.encode(), moment.encode(), body))
    return f"v1,{base64.b64encode(hmac.new(_key(secret), signed, sha256).digest()).decode()}"


def _key(secret: str) -> bytes:
    if secret.startswith(_BASE64_MARK):
        try:
            return base64.b64decode(secret.removeprefix(_BASE64_MARK), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
