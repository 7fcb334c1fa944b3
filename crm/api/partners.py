"""Which partner's machine asks, what its key is for, and how often it may come."""

from __future__ import annotations

from flask import g, request

from crm.api.quotas import spend
from crm.foundation import SYSTEM, Actor
from crm.http import reading, unit_of_work, wiring
from crm.staff import KeyCard, KeyScope, is_unnoted, key_card, note_key_used


def partner() -> Actor | None:
    """By Open311's `api_key`, in the form or the address, or by a bearer token; None without a valid one.

    A header is better: addresses end in the logs of whatever stands in front.

    Raises:
        TooManyRequests: the key's quota is used up.
    """
    card = _card()
    if card is None:
        return None
    if "quota" not in g:
        g.quota = spend(card)
        _note(card)
    return card.actor


def _note(card: KeyCard) -> None:
    """Once an hour: who keeps the keys sees which still serve."""
    key_id, now = card.actor.id, wiring().clock.now()
    if key_id is not None and is_unnoted(card.last_used_at, now):
        with unit_of_work(SYSTEM) as uow:
            note_key_used(uow, key_id)


def has_key() -> bool:
    """A valid one: its own quota counts then, whatever address it comes from."""
    return _card() is not None


def gave_key() -> bool:
    """Valid or not: somebody wants to be known."""
    return bool(_given())


def may(actor: Actor, scope: KeyScope) -> bool:
    return f"partner_{scope}" in actor.roles


def wrong_key(_response: object) -> bool:
    """Only wrong keys count against an address: whoever tries keys is slowed, nobody else."""
    return bool(g.get("wrong_key"))


def _given() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.values.get("api_key", "")


def _card() -> KeyCard | None:
    """Looked up once a request."""
    if "key_card" not in g:
        key = _given()
        found = None
        if key:
            with reading() as session:
                found = key_card(session, key)
        g.key_card, g.wrong_key = found, bool(key) and found is None
    card: KeyCard | None = g.key_card
    return card
