"""Ask another unit for its part of the work, or take it back. The case stays with the unit that leads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases.actions.field_work import still_to_do
from crm.cases.actions.loading import hold
from crm.cases.assessment import Rulebook
from crm.cases.models import Case
from crm.cases.orders.counting import count_orders
from crm.cases.orders.events import OrderAsked, OrderWithdrawn
from crm.cases.orders.holding import take_hold
from crm.cases.orders.lifecycle import OrderState
from crm.cases.orders.models import WorkOrder
from crm.foundation import PARIS, Invalid, UnitOfWork, clean
from crm.interactions import add_note
from crm.staff import is_in_use

MOST_ORDERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """
    Args:
        key: of the form; the same one again is the same order.
        due_on: by when; None for the day the case is due.
    """

    key: str
    unit_id: int
    work: str
    due_on: date | None = None


def ask_order(uow: UnitOfWork, book: Rulebook, reference: str, new: NewOrder) -> int:
    """Returns the number of the order within its case.

    Raises:
        IllegalStep: the work is done, or nobody leads the case yet.
        Invalid: a unit unknown or no longer active, nothing to do, a day that is past, MOST_ORDERS reached.
    """
    case = hold(uow, reference, Permission.ORDER_ASK)
    known = uow.session.scalar(sa.select(WorkOrder.number).where(WorkOrder.key == new.key))
    if known is not None:
        return known
    still_to_do(case, "ask_order")
    due_on, work = _checked(uow, book, case, new)
    number = _next_number(uow, case)
    note_id = add_note(uow, case, case.id, work, kind="order")
    order = WorkOrder(
        key=new.key,
        case_id=case.id,
        number=number,
        state=OrderState.ASKED,
        unit_id=new.unit_id,
        insee=case.insee,
        origin_insee=case.origin_insee,
        responsible_insee=book.units[new.unit_id].insee,
        readers=case.readers,
        due_on=due_on,
        asked_at=uow.now,
        asked_by_id=uow.actor.id,
        updated_at=uow.now,
        asked_note_id=note_id,
    )
    uow.session.add(order)
    count_orders(uow, case)
    uow.record(
        OrderAsked(
            subject_id=case.id,
            order_id=order.id,
            number=number,
            unit_id=order.unit_id,
            interaction_id=note_id,
        )
    )
    return number


def _checked(uow: UnitOfWork, book: Rulebook, case: Case, new: NewOrder) -> tuple[date, str]:
    wrong: dict[str, str] = {}
    unit, work = book.units.get(new.unit_id), clean(new.work)
    if unit is None or not (unit.is_active and is_in_use(uow.session, unit.id)):
        wrong["unit_id"] = "unknown"
    if not work:
        wrong["work"] = "required"
    today = uow.now.astimezone(PARIS).date()
    due_on = new.due_on or max(today, case.due_at.astimezone(PARIS).date())
    if due_on < today:
        wrong["due_on"] = "past"
    elif (due_on - today).days > 366:
        wrong["due_on"] = "too_far_away"
    if wrong:
        raise Invalid(wrong)
    return due_on, work


def _next_number(uow: UnitOfWork, case: Case) -> int:
    last = uow.session.scalar(sa.select(sa.func.max(WorkOrder.number)).where(WorkOrder.case_id == case.id))
    if (last or 0) >= MOST_ORDERS:
        raise Invalid({"unit_id": "too_many_orders"})
    return (last or 0) + 1


def withdraw_order(
    uow: UnitOfWork, reference: str, number: int, *, motive: str, seen_version: int
) -> WorkOrder:
    """It is no longer wanted; the unit reads why. The right is the one to ask, on the case.

    Raises:
        Conflict: the unit changed it first.
        Invalid: no motive.
    """
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_ASK, case)
    said = clean(motive)
    if not said:
        raise Invalid({"motive": "required"})
    order.move("withdraw", seen_version, uow.now)
    order.ended_note_id = note_id = add_note(uow, case, case.id, said, kind="order_motive")
    uow.record(
        OrderWithdrawn(
            subject_id=case.id,
            order_id=order.id,
            number=number,
            unit_id=order.unit_id,
            interaction_id=note_id,
        )
    )
    count_orders(uow, case)
    return order
