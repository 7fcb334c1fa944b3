"""The keys of links: drawn as a mail leaves, known afterwards to its reader alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import UnitOfWork
from crm.guests.models import GuestKey, GuestMessage

PLACE = "[lien personnel]"  # where the key stands in the text that we keep
_KEY_BYTES = 32


def key_hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def draw_key(uow: UnitOfWork, link_id: int) -> str:
    """A new key for a link; it is given once and cannot be read again."""
    require(uow.actor, Permission.MESSAGE_SEND)
    key = secrets.token_urlsafe(_KEY_BYTES)
    uow.session.add(GuestKey(key_hash=key_hash(key), link_id=link_id, made_at=uow.now))
    return key


def with_keys(uow: UnitOfWork, bodies: Mapping[int, str]) -> dict[int, str]:
    """Texts about to leave, by the id of their message, with a key of their own in them.

    Only the mails of a link are touched: whoever typed the place of a key elsewhere gets none. A try that
    fails leaves a key that nobody was given.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    asked = [message_id for message_id, body in bodies.items() if PLACE in body]
    if not asked:
        return {}
    rows = uow.session.execute(
        sa.select(GuestMessage.interaction_id, GuestMessage.link_id).where(
            GuestMessage.interaction_id.in_(asked)
        )
    )
    return {
        row.interaction_id: bodies[row.interaction_id].replace(PLACE, draw_key(uow, row.link_id))
        for row in rows
    }
