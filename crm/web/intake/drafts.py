"""The number of a demand being entered: reserved when the form opens, said aloud, used once.

It travels signed in the form with its agent, so that nobody can write themselves a number. It is the key by
which the same form sent twice makes one case, and what was typed is found again after a lost session.
"""

from __future__ import annotations

from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from crm.http import wiring


def sign_reference(reference: str) -> str:
    agent_id = current_user.actor.id if current_user else 0  # nobody yet, when forms are made outside a page
    return str(_signer().dumps([reference, agent_id]))


def reference_in(draft: str) -> str | None:
    """The reserved reference; None when the field was tampered with."""
    opened = holder_in(draft)
    return opened[0] if opened else None


def holder_in(draft: str) -> tuple[str, int] | None:
    """The reserved reference and the agent for whom the form was opened."""
    try:
        reference, agent_id = _signer().loads(draft)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(reference), int(agent_id)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(wiring().settings.secret_key.get_secret_value(), salt="new-demand")
