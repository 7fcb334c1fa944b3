"""How much waits for a hand, for the lists on the left of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.interactions.models import Interaction, SendingState

_COUNTED_UP_TO = 1001  # screens say « 1000+ » beyond


@dataclass(frozen=True, slots=True)
class Waiting:
    calls: int
    letters: int


def waiting_for_a_hand(session: Session, among: sa.ColumnElement[bool]) -> Waiting:
    """Calls to make and letters to print; one statement, counted no further than needed.

    Args:
        among: a condition on interactions: those that the agent may read.
    """
    counts = sa.select(_count(SendingState.TO_CALL, among), _count(SendingState.TO_PRINT, among))
    return Waiting(*session.execute(counts).one())


def _count(state: SendingState, among: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    # Written into the statement: a partial index serves a constant, not a parameter.
    waits = _C.state == sa.literal_column(f"'{state}'")
    some = sa.select(_C.id).where(waits, among).limit(_COUNTED_UP_TO).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


_C = cast(sa.Table, Interaction.__table__).c
