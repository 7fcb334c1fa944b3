"""The orders of one case: what was asked of whom, how far it is; one more, for whoever leads it."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import WITH_UNIT, one_case
from crm.cases.orders import NewOrder, ask_order, orders_of
from crm.foundation import IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.staff import agent_names
from crm.web.explaining import category_label
from crm.web.orders.blueprint import bp
from crm.web.orders.views import today


@bp.get("/demandes/<reference:reference>/interventions")
@needs(Permission.CASE_VIEW)
def of_case(reference: str) -> str:
    return _page(reference)


@bp.post("/demandes/<reference:reference>/interventions")
@needs(Permission.ORDER_ASK)
def ask(reference: str) -> ResponseReturnValue:
    try:
        new = _new()
        with unit_of_work() as uow:
            number = ask_order(uow, wiring().rulebooks.current(), reference, new)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(reference, wrong=wrong, typed=request.form), 422
    except IllegalStep:
        told = {"unit_id": _("La demande n’est plus en cours : on n’y ajoute pas d’intervention.")}
        return _page(reference, wrong=told, typed=request.form), 409
    flash(_("Intervention n° %(number)d demandée au service.", number=number), "ok")
    return redirect(url_for(".of_case", reference=reference), 303)


def _new() -> NewOrder:
    """
    Raises:
        Invalid: not a day.
    """
    typed = request.form.get("due_on", "").strip()
    try:
        due_on = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({"due_on": "not_a_date"}) from None
    return NewOrder(
        key=request.form.get("key", "")[:64] or secrets.token_urlsafe(18),
        unit_id=whole_number(request.form.get("unit_id")) or 0,
        work=request.form.get("work", ""),
        due_on=due_on,
    )


def _page(reference: str, **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        case = one_case(session, actor, reference)
        orders = orders_of(session, case.id)
        names = agent_names(session, {order.agent_id for order in orders if order.agent_id})
    units = wiring().rulebooks.units()
    active = [card for card in units.values() if card.is_active]
    return render_template(
        "web/orders/of_case.html",
        **{"wrong": {}, "typed": {}, **more},
        case=case,
        title=category_label(case.category_code),
        orders=orders,
        names=names,
        units=units,
        choices=[(card.id, f"{card.organization_name} — {card.name}") for card in active],
        may_ask=allows(actor, Permission.ORDER_ASK, case) and case.state in WITH_UNIT,
        may_resolve=allows(actor, Permission.CASE_RESOLVE, case) and case.state in WITH_UNIT,
        key=request.form.get("key") or secrets.token_urlsafe(18),
        today=today(),
    )
