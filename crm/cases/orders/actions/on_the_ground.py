"""What is said of an order from the ground, besides its report: on the way, what is missing."""

from __future__ import annotations

from crm.access import Permission, require
from crm.cases.calling_lead import call_the_lead
from crm.cases.orders.actions.doing import which
from crm.cases.orders.events import OrderNeedsMore, OrderOnTheWay
from crm.cases.orders.holding import take_hold
from crm.cases.orders.lifecycle import OPEN
from crm.cases.orders.models import WorkOrder
from crm.foundation import IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import add_note


def set_out_for_order(uow: UnitOfWork, reference: str, number: int) -> WorkOrder:
    """Somebody leaves for the place. Nothing moves."""
    _case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_DO, order)
    _still_open(order, "set_out")
    uow.record(OrderOnTheWay(**which(order)))
    return order


def need_more_for_order(uow: UnitOfWork, reference: str, number: int, text: str) -> WorkOrder:
    """Another trade, a machine, a key: whoever leads the case is asked. The order stays open.

    Raises:
        Invalid: nothing was written.
    """
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_DO, order)
    _still_open(order, "need_more")
    said = clean(text)
    if not said:
        raise Invalid({"note": "required"})
    note_id = add_note(uow, order, case.id, said, kind="field_need")
    uow.record(OrderNeedsMore(**which(order), interaction_id=note_id))
    call_the_lead(uow, case)
    return order


def _still_open(order: WorkOrder, verb: str) -> None:
    """
    Raises:
        IllegalStep: it is over.
    """
    if order.state not in OPEN:
        raise IllegalStep(verb=verb, state=order.state)
