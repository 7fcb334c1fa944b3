"""A lot is started by an agent; a job settles its demands one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.lots.acts import DONE, Told, act_on_one, lot_needs
from crm.cases.lots.events import LotEnded, LotStarted
from crm.cases.lots.models import Lot, LotRow
from crm.foundation import Invalid, UnitOfWork

MOST_IN_LOT = 5000


def start_lot(uow: UnitOfWork, act: str, told: Told, chosen: Sequence[str]) -> int:
    """Ask for an act on many demands; the right to do it is asked again for each. Returns the lot's id.

    Args:
        told: `planned_on` (ISO day) for "plan", `agent_id` for "entrust".
        chosen: references as the form gave them.

    Raises:
        Invalid: what the act needs is missing; none is chosen, or more than MOST_IN_LOT.
    """
    require(uow.actor, Permission.CASE_ACCEPT)
    given, references = lot_needs(act, told), list(dict.fromkeys(chosen))
    if not references:
        raise Invalid({"case": "required"})
    if len(references) > MOST_IN_LOT:
        raise Invalid({"case": "too_many_chosen"})
    lot = Lot(act=act, told=given, agent_id=uow.actor.id, made_at=uow.now)
    uow.session.add(lot)
    uow.session.flush()
    rows = [{"lot_id": lot.id, "place": n, "reference": one[:40]} for n, one in enumerate(references, 1)]
    uow.session.execute(sa.insert(LotRow), rows)
    uow.record(LotStarted(subject_id=lot.id, act=act, how_many=len(rows)))
    return lot.id


def do_row(uow: UnitOfWork, lot_id: int, place: int) -> None:
    """The act on one demand of a lot, and its mark, in one transaction; one in other hands is passed over.

    Raises:
        CrmError: refused; the mark is then for `refuse_row`.
    """
    require(uow.actor, Permission.CASE_ACCEPT)
    this = sa.select(LotRow.reference, Lot.act, Lot.told).join(Lot, Lot.id == LotRow.lot_id)
    waiting = this.where(LotRow.lot_id == lot_id, LotRow.place == place, LotRow.result.is_(None))
    row = uow.session.execute(waiting.with_for_update(skip_locked=True, of=LotRow)).one_or_none()
    if row is None:
        return
    act_on_one(uow, row.act, row.told, row.reference)
    _settle(uow, lot_id, place, DONE)


def refuse_row(uow: UnitOfWork, lot_id: int, place: int, why: str) -> None:
    require(uow.actor, Permission.CASE_ACCEPT)
    _settle(uow, lot_id, place, why)


def end_lot(uow: UnitOfWork, lot_id: int) -> bool:
    """True once each demand has its result. Said twice, it is noted once."""
    require(uow.actor, Permission.CASE_ACCEPT)
    counts = sa.select(
        sa.func.count().filter(LotRow.result.is_(None)),
        sa.func.count().filter(LotRow.result == DONE),
        sa.func.count().filter(LotRow.result != DONE),
    )
    waiting, done, refused = uow.session.execute(counts.where(LotRow.lot_id == lot_id)).one()
    if waiting:
        return False
    open_still: Any = sa.update(Lot).where(Lot.id == lot_id, Lot.ended_at.is_(None)).values(ended_at=uow.now)
    if uow.session.execute(open_still.returning(Lot.id)).first():
        uow.record(LotEnded(subject_id=lot_id, done=done, refused=refused))
    return True


def _settle(uow: UnitOfWork, lot_id: int, place: int, result: str) -> None:
    this = LotRow.lot_id == lot_id, LotRow.place == place, LotRow.result.is_(None)
    settled = sa.update(LotRow).where(*this).values(result=result)
    uow.session.execute(settled.execution_options(synchronize_session=False))
