"""The resident's link to their appointment: signed, so that it is kept nowhere and cannot be guessed."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "appointment"


def signed_appointment(secret_key: str, appointment_id: int) -> str:
    return URLSafeSerializer(secret_key, salt=_SALT).dumps(appointment_id)


def appointment_signed(secret_key: str, token: str) -> int | None:
    """The appointment's id, or None for what we did not sign."""
    try:
        found = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None
