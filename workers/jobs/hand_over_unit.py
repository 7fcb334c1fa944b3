"""Hands what a closed unit had to the one that takes over, each demand in a transaction of its own.

Whatever dies in the middle, what has gone is gone: the next time takes up what is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.cases.orders import hand_orders_over, orders_held
from crm.foundation import SYSTEM, CrmError, Delivery, Unavailable
from crm.network import HandingOver, hand_over, handing_over, waiting_to_go
from crm.wiring import Wiring
from workers.facts import UNDONE
from workers.queues import beat_gently


def hand_over_unit(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: some could not go yet: they were being worked on.
    """
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    left = sum(_left_of(wired, fact.id, fact.subject_id) for fact in facts)
    if left:
        raise Unavailable(why="in_other_hands")


def _left_of(wired: Wiring, delivery_id: int, unit_id: int) -> int:
    with wired.units.reading() as session:
        told = handing_over(session, unit_id)
    left = _hand_demands(wired, unit_id, told) + _hand_orders(wired, unit_id, told.heir_id) if told else 0
    if not left:
        done = sa.update(Delivery).where(Delivery.id == delivery_id)
        with wired.units.begin(SYSTEM) as uow:
            uow.session.execute(done.values(done_at=uow.now, last_error=None))
    return left


def _hand_demands(wired: Wiring, unit_id: int, told: HandingOver) -> int:
    """Returns how many could not go yet."""
    left = after = 0
    while True:
        with wired.units.reading() as session:
            waiting = waiting_to_go(session, unit_id, after=after)
        if not waiting:
            return left
        for case_id, reference, version in waiting:
            beat_gently(wired.redis)
            try:
                with wired.units.begin(SYSTEM) as uow:
                    hand_over(uow, wired.rulebooks.current(), told, reference, version)
            except CrmError:
                left += 1
            after = case_id


def _hand_orders(wired: Wiring, unit_id: int, heir_id: int) -> int:
    """Returns how many could not go yet."""
    moved = 1
    while moved:
        beat_gently(wired.redis)
        with wired.units.begin(SYSTEM) as uow:
            moved = hand_orders_over(uow, unit_id, heir_id)
    with wired.units.reading() as session:
        return orders_held(session, unit_id=unit_id)
