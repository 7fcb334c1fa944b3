"""The message just sent, while its author may take it back: said on whatever page comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import session

from crm.foundation import UnitOfWork
from crm.http import wiring
from crm.interactions import last_held
from crm.notifications import note_sent

_KEY = "held"


def hold_seconds() -> int:
    return wiring().settings.messages.undo_seconds


def remember_held(uow: UnitOfWork, case_id: int, reference: str, words: Mapping[str, str], kind: str) -> bool:
    """After an act that sent a message. False: none is held.

    Args:
        words: what comes back as a draft if the message is taken back.
    """
    uow.session.flush()
    held = last_held(uow.session, case_id, uow.actor.id, uow.now)
    if held is None:
        return False
    note_sent(uow, reference, words, held.id, kind)
    session[_KEY] = {"reference": reference, "id": held.id, "until": held.until.isoformat()}
    return True


def remember_answer(inbound_id: int, seconds: int) -> None:
    """After an answer to a message that made no demand."""
    until = wiring().clock.now() + timedelta(seconds=seconds)
    session[_KEY] = {"arrival": inbound_id, "reference": "", "id": 0, "until": until.isoformat()}


def forget_held() -> None:
    session.pop(_KEY, None)


def held_message() -> dict[str, Any] | None:
    """For the frame of every page: which message, and for how many seconds more."""
    told = session.get(_KEY)
    if told is None:
        return None
    left = datetime.fromisoformat(told["until"]) - wiring().clock.now()
    seconds = int(left.total_seconds())
    if seconds <= 0:
        forget_held()
        return None
    return {**told, "seconds": seconds}
