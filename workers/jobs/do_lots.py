"""Does the demands of a lot one after the other, each in a transaction of its own, as the agent who asked.

Whatever dies in the middle, those that have their result are not done again. What the agent may do is asked
anew: an account closed meanwhile does nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.cases import do_row, end_lot, lot_lines, one_lot, refuse_row, refused_for
from crm.cases.lots.queries import WAITING
from crm.foundation import SYSTEM, Actor, CrmError, Delivery
from crm.staff import actor_of
from crm.wiring import Wiring
from workers.facts import UNDONE
from workers.queues import beat_gently


def do_lots(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    for fact in facts:
        _do_lot(wired, fact.subject_id)
        with wired.units.begin(SYSTEM) as uow:
            if end_lot(uow, fact.subject_id):  # else another worker holds a row: it comes due again
                done = sa.update(Delivery).where(Delivery.id == fact.id)
                uow.session.execute(done.values(done_at=uow.now, last_error=None))


def _do_lot(wired: Wiring, lot_id: int) -> None:
    with wired.units.reading() as session:
        agent = actor_of(session, one_lot(session, lot_id).agent_id)
        lines = lot_lines(session, lot_id, WAITING)
    for line in lines:
        beat_gently(wired.redis)
        _do_row(wired, agent, lot_id, line.place)


def _do_row(wired: Wiring, agent: Actor | None, lot_id: int, place: int) -> None:
    why = "not_allowed"
    if agent is not None:
        try:
            with wired.units.begin(agent) as uow:
                do_row(uow, lot_id, place)
        except CrmError as refusal:
            why = refused_for(refusal)
        else:
            return
    with wired.units.begin(SYSTEM) as uow:
        refuse_row(uow, lot_id, place, why)
