"""What the unit does with an order: it answers to whoever leads the case, never to the usager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from crm.access import Permission, require
from crm.attachments import Evidence, has_evidence
from crm.cases.actions.unit_work import wrong_minutes
from crm.cases.calling_lead import call_the_lead
from crm.cases.models import Case
from crm.cases.orders.counting import count_orders
from crm.cases.orders.events import OrderAccepted, OrderDone, OrderPlanned, OrderSecured, OrderSentBack
from crm.cases.orders.holding import take_hold
from crm.cases.orders.lifecycle import OUTCOMES, SLOTS
from crm.cases.orders.models import WorkOrder
from crm.cases.outcomes import BounceReason, Outcome
from crm.cases.sent_forms import first_sending
from crm.catalogue import asks_evidence
from crm.foundation import PARIS, Invalid, UnitOfWork, clean
from crm.interactions import add_note
from crm.staff import team_of

_LONGEST_CREW = 80


class _Which(TypedDict):
    subject_id: int
    order_id: int
    number: int
    unit_id: int


def which(order: WorkOrder) -> _Which:
    """What every fact of an order says."""
    return {
        "subject_id": order.case_id,
        "order_id": order.id,
        "number": order.number,
        "unit_id": order.unit_id,
    }


def accept_order(uow: UnitOfWork, reference: str, number: int, *, seen_version: int) -> WorkOrder:
    _case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_LEAD, order)
    order.move("accept", seen_version, uow.now)
    uow.record(OrderAccepted(**which(order)))
    return order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """
    Args:
        slot: one of SLOTS; empty for the whole day.
        agent_id: of the unit's own; a crew may be named instead, or besides.
        minutes: how long; None leaves what was said, else the unit's usual.
    """

    planned_on: date
    slot: str = ""
    agent_id: int | None = None
    crew: str = ""
    minutes: int | None = None


def plan_order(
    uow: UnitOfWork, reference: str, number: int, *, plan: OrderPlan, seen_version: int
) -> WorkOrder:
    """Say when, and who. What nobody had accepted is so by that.

    Raises:
        Invalid: a day that is past, a slot unknown, nobody of that unit, a crew's name too long, no time or
            far too much.
    """
    _case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_LEAD, order)
    wrong = {**_past(uow, plan.planned_on), **wrong_minutes(plan.minutes)}
    if plan.slot and plan.slot not in SLOTS:
        wrong["slot"] = "unknown"
    if plan.agent_id is not None and plan.agent_id not in team_of(uow.session, order.unit_id):
        wrong["agent_id"] = "unknown"
    if len(plan.crew) > _LONGEST_CREW:
        wrong["crew"] = "too_long"
    if wrong:
        raise Invalid(wrong)
    order.move("plan", seen_version, uow.now)
    order.planned_on, order.slot = plan.planned_on, plan.slot
    order.planned_minutes = plan.minutes or order.planned_minutes
    order.agent_id, order.crew = plan.agent_id, clean(plan.crew)
    uow.record(OrderPlanned(**which(order), planned_on=plan.planned_on.isoformat(), agent_id=plan.agent_id))
    return order


def secure_order(
    uow: UnitOfWork,
    reference: str,
    number: int,
    *,
    planned_on: date,
    report: str,
    seen_version: int,
    done_at: datetime | None = None,
) -> WorkOrder:
    """The danger is away, the final works are dated: made safe is not repaired, the order stays open.

    Args:
        done_at: when, if that is not now.
    """
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_DO, order)
    if wrong := _past(uow, planned_on):
        raise Invalid(wrong)
    order.move("secure", seen_version, uow.now)
    order.planned_on, order.slot, order.made_safe_at = planned_on, "", done_at or uow.now
    note_id = add_note(uow, order, case.id, report, kind="order_report") if clean(report) else None
    uow.record(OrderSecured(**which(order), planned_on=planned_on.isoformat(), interaction_id=note_id))
    return order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """
    Args:
        outcome: one of OUTCOMES.
        no_photo: why there is none, where the category asks for one.
        done_at: when, if that is not now.
    """

    outcome: Outcome
    text: str
    no_photo: str = ""
    done_at: datetime | None = None


def finish_order(
    uow: UnitOfWork, reference: str, number: int, *, report: OrderReport, seen_version: int
) -> WorkOrder:
    """The unit's part is done. With the last one, whoever leads the case is told that it is time to answer.

    Raises:
        Invalid: no text; work done with neither a photo nor the reason why there is none.
    """
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_DO, order)
    text = clean(report.text)
    if report.outcome not in OUTCOMES:
        raise Invalid({"outcome": "unknown"})
    if not text:
        raise Invalid({"report": "required"})
    unproven = _unproven(uow, case, order, report)
    order.move("finish", seen_version, uow.now)
    order.outcome, order.ended_at = report.outcome, report.done_at or uow.now
    order.ended_note_id = note_id = add_note(uow, order, case.id, text, kind="order_report")
    if unproven:
        add_note(uow, order, case.id, unproven, kind="no_photo")
    uow.record(OrderDone(**which(order), outcome=report.outcome, interaction_id=note_id))
    count_orders(uow, case)
    return order


def _unproven(uow: UnitOfWork, case: Case, order: WorkOrder, report: OrderReport) -> str:
    """Why no photo shows the work done, where one is asked; empty where nothing is missing."""
    if report.outcome is not Outcome.DONE or not asks_evidence(uow.session, case.category_code):
        return ""
    if has_evidence(uow.session, case.id, Evidence.AFTER, since=order.asked_at):
        return ""
    why = clean(report.no_photo)
    if not why:
        raise Invalid({"no_photo": "photo_or_reason"})
    return why


def send_back_order(
    uow: UnitOfWork, reference: str, number: int, *, reason: BounceReason, motive: str, seen_version: int
) -> WorkOrder:
    """The unit will not do it, and says why: it is over for the unit, and told to whoever leads the case.

    Raises:
        Invalid: no motive.
    """
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_LEAD, order)
    said = clean(motive)
    if not said:
        raise Invalid({"motive": "required"})
    order.move("send_back", seen_version, uow.now)
    order.ended_note_id = note_id = add_note(uow, order, case.id, said, kind="order_motive")
    uow.record(OrderSentBack(**which(order), reason=reason, interaction_id=note_id))
    count_orders(uow, case)
    call_the_lead(uow, case)
    return order


def order_sent_before(uow: UnitOfWork, reference: str, number: int, key: str) -> bool:
    """Has this form arrived already? A bad network sends it twice."""
    case, order = take_hold(uow, reference, number)
    require(uow.actor, Permission.ORDER_VIEW, order)
    return not first_sending(uow, case.id, key)


def _past(uow: UnitOfWork, day: date) -> dict[str, str]:
    return {"planned_on": "past"} if day < uow.now.astimezone(PARIS).date() else {}
