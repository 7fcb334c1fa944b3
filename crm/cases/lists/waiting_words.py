"""Which demands have a usager who wrote and waits for a word: the condition that lists and counts share."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from crm.access import Permission, visible
from crm.cases.models import Case
from crm.foundation import Actor

WRITTEN_TO = "messages"  # counted beside the views: an ended demand may wait for a word too
_C = cast(sa.Table, Case.__table__).c
_SEEN: Any = _C


def waits_for_a_word(actor: Actor) -> sa.ColumnElement[bool]:
    """Open or ended, and this actor may answer it."""
    return sa.and_(_C.message_waiting_since.is_not(None), visible(actor, _SEEN, Permission.CASE_TALK))


def waiting_count(actor: Actor, up_to: int) -> sa.ScalarSelect[int]:
    some = sa.select(_C.id).where(waits_for_a_word(actor)).limit(up_to)
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
