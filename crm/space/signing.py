"""The link of a message: signed, so that it is kept nowhere."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "space-link"


def signed_link(secret_key: str, link_id: int) -> str:
    return URLSafeSerializer(secret_key, salt=_SALT).dumps(link_id)


def link_signed(secret_key: str, token: str) -> int | None:
    """The link's id, or None for what we did not sign."""
    try:
        found = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None
