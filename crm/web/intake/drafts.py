"""The number of a demand being entered: reserved when the form opens, said aloud, used once.

It travels signed in the form, so that nobody can write themselves a number, and is the key by which the same
form sent twice makes one case.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from crm.http import wiring


def sign_reference(reference: str) -> str:
    return str(_signer().dumps(reference))


def reference_in(draft: str) -> str | None:
    """The reserved reference; None when the field was tampered with."""
    try:
        return str(_signer().loads(draft))
    except BadSignature:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(wiring().settings.secret_key.get_secret_value(), salt="new-demand")
