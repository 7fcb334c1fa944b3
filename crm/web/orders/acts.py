"""What a unit does with an order: each button once, however often a bad network sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.attachments import Evidence, Giving, attach_files
from crm.cases import BounceReason, Outcome
from crm.cases.orders import (
    Order,
    OrderPlan,
    OrderReport,
    accept_order,
    finish_order,
    one_order,
    order_sent_before,
    plan_order,
    secure_order,
    send_back_order,
    withdraw_order,
)
from crm.foundation import Conflict, IllegalStep, Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, reading, reasons, take_files, takes_files, unit_of_work, whole_number
from crm.web.orders.blueprint import bp
from crm.web.orders.views import page
from crm.web.weeks import minutes_typed

_SHORTEST_KEY = 16
_WITH_PHOTOS = frozenset({"finish", "secure"})
Act = Callable[[UnitOfWork, Order, int], object]


@bp.post("/interventions/<reference:reference>/<int:number>")
@needs(Permission.ORDER_VIEW)
@takes_files
def do(reference: str, number: int) -> ResponseReturnValue:
    with reading() as session:
        order = one_order(session, current_user.actor, reference, number)
    name, key = request.form.get("act", ""), request.form.get("key", "")
    if name not in ACTS or len(key) < _SHORTEST_KEY:
        abort(400)
    tokens: tuple[str, ...] = ()
    back: dict[str, object] = {"typed": request.form, "act": name}
    if name in _WITH_PHOTOS:
        require(current_user.actor, Permission.ORDER_DO, order)  # before any file is opened
        taken = take_files(order)
        tokens, back["staged"] = taken.tokens, taken.shown()
        if taken.refusals:
            return page(reference, number, refusals=taken.refusals, **back), 422
    try:
        first = _once(order, name, key, tokens)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(reference, number, wrong=wrong, **back), 422
    except (Conflict, IllegalStep):
        return page(reference, number, clash=True, **back), 409
    flash(_said(name) if first else _("Déjà reçu : rien n’est compté deux fois."), "ok")
    return redirect(url_for("orders.one", reference=reference, number=number), 303)


def _once(order: Order, name: str, key: str, tokens: tuple[str, ...]) -> bool:
    with unit_of_work() as uow:
        if name == "withdraw":  # by whoever asked for it: they may not reach the order, only its case
            ACTS[name](uow, order, _seen())
            return True
        if order_sent_before(uow, order.reference, order.number, key):
            return False
        if tokens:
            attach_files(
                uow, order, order.case_id, tokens, Giving(from_usager=False, evidence=Evidence.AFTER)
            )
        ACTS[name](uow, order, _seen())
    return True


def _seen() -> int:
    return whole_number(request.form.get("seen_version")) or 0


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _day(name: str) -> date:
    """
    Raises:
        Invalid: no day, or not a day.
    """
    typed = _text(name)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid({name: "not_a_date" if typed else "required"}) from None


def _accept(uow: UnitOfWork, order: Order, seen: int) -> object:
    return accept_order(uow, order.reference, order.number, seen_version=seen)


def _plan(uow: UnitOfWork, order: Order, seen: int) -> object:
    plan = OrderPlan(
        planned_on=_day("planned_on"),
        slot=_text("slot"),
        agent_id=whole_number(_text("agent_id")),
        crew=_text("crew"),
        minutes=minutes_typed(_text("minutes")),
    )
    return plan_order(uow, order.reference, order.number, plan=plan, seen_version=seen)


def _secure(uow: UnitOfWork, order: Order, seen: int) -> object:
    day, said = _day("repair_on"), _text("secured")
    return secure_order(uow, order.reference, order.number, planned_on=day, report=said, seen_version=seen)


def _finish(uow: UnitOfWork, order: Order, seen: int) -> object:
    told = _text("outcome")
    if told not in set(Outcome):
        raise Invalid({"outcome": "unknown"})
    report = OrderReport(outcome=Outcome(told), text=_text("report"), no_photo=_text("no_photo"))
    return finish_order(uow, order.reference, order.number, report=report, seen_version=seen)


def _send_back(uow: UnitOfWork, order: Order, seen: int) -> object:
    told = _text("reason")
    if told not in set(BounceReason):
        raise Invalid({"reason": "unknown"})
    return send_back_order(
        uow,
        order.reference,
        order.number,
        reason=BounceReason(told),
        motive=_text("motive"),
        seen_version=seen,
    )


def _withdraw(uow: UnitOfWork, order: Order, seen: int) -> object:
    said = _text("withdrawal")
    try:
        return withdraw_order(uow, order.reference, order.number, motive=said, seen_version=seen)
    except Invalid as refusal:
        raise Invalid({"withdrawal": refusal.fields["motive"]}) from None


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "plan": _plan,
    "secure": _secure,
    "finish": _finish,
    "send_back": _send_back,
    "withdraw": _withdraw,
}


def _said(name: str) -> str:
    told = {
        "accept": _("Intervention acceptée. Il reste à dire quand."),
        "plan": _("Intervention planifiée."),
        "secure": _("Mis en sécurité. L’intervention reste ouverte jusqu’à la réparation."),
        "finish": _("Intervention faite : le service pilote le voit."),
        "send_back": _("Intervention renvoyée, avec votre raison."),
        "withdraw": _("Intervention retirée, avec votre motif."),
    }
    return told[name]
