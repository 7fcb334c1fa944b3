"""What every door holds: the wiring, who acts, a unit of work, a session to read."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.foundation import RESIDENT, Actor, UnitOfWork
from crm.wiring import Wiring


def wiring() -> Wiring:
    held: Wiring = current_app.extensions["crm"]
    return held


def actor() -> Actor:
    """The agent who is logged in, else a resident."""
    return current_user.actor if current_user.is_authenticated else RESIDENT


def unit_of_work(acting: Actor | None = None) -> UnitOfWork:
    """One act of the person at the door (or of `acting`), committed when the block is left."""
    return wiring().units.begin(acting or actor())


def reading() -> AbstractContextManager[Session]:
    return wiring().units.reading()
