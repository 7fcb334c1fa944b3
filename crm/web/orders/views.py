"""The list « Interventions » of a unit, and one order: what is to be done, where, never who asked."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.attachments import CaseFile, files_of_case
from crm.cases.orders import (
    ORDER_VIEWS,
    OUTCOMES,
    SLOTS,
    Order,
    Passed,
    may_withdraw,
    one_order,
    order_counts,
    order_page,
    order_steps_from,
    sees_case,
)
from crm.catalogue import asks_evidence
from crm.foundation import PARIS, Actor
from crm.http import gettext as _
from crm.http import holds, needs, reading, wiring, wording
from crm.http.answers import told_answers
from crm.staff import agent_names, team_of
from crm.web.explaining import category_labels
from crm.web.frame import counted
from crm.web.orders.blueprint import bp
from crm.web.weeks import week_lines

PAGE = 50


def today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


@bp.get("/interventions")
@needs(Permission.ORDER_DO)
def show() -> str:
    """`?liste=` one of ORDER_VIEWS; `?apres=2026-12-24.123`."""
    view = request.args.get("liste", "toutes")
    if view not in ORDER_VIEWS:
        abort(404)
    actor, day = current_user.actor, today()
    with reading() as session:
        orders = order_page(session, actor, view, day, after=_passed(), limit=PAGE)
        counts = order_counts(session, actor, tuple(ORDER_VIEWS), day)
        names = agent_names(session, {order.agent_id for order in orders if order.agent_id})
    last = orders[-1] if len(orders) == PAGE else None
    return render_template(
        "web/orders/list.html",
        view=view,
        heading=_("Interventions"),
        tabs=[_tab(name, counts[name], here=name == view) for name in ORDER_VIEWS],
        many=counted(counts[view]) or "0",
        orders=orders,
        names=names,
        label=category_labels(),
        units=wiring().rulebooks.units(),
        may_round=holds(actor.roles, frozenset({Permission.ROUND_MAKE})),
        today=day,
        next_href=url_for(".show", liste=view, apres=f"{last.due_on}.{last.id}") if last else "",
        first_href=url_for(".show", liste=view) if request.args.get("apres") else "",
    )


def _passed() -> Passed | None:
    day, _dot, order_id = request.args.get("apres", "").partition(".")
    try:
        return Passed(date.fromisoformat(day), int(order_id))
    except ValueError:
        return None


def _tab(name: str, count: int, *, here: bool) -> dict[str, Any]:
    told = {
        "toutes": _("Toutes"),
        "a-prendre": _("À prendre"),
        "a-planifier": _("À planifier"),
        "prevues": _("Prévues"),
        "en-retard": _("En retard"),
    }
    href = url_for(".show", liste=name)
    return {"label": told[name], "href": href, "count": counted(count) or "0", "here": here}


@bp.get("/interventions/<reference:reference>/<int:number>")
@needs(Permission.ORDER_VIEW)
def one(reference: str, number: int) -> str:
    return page(reference, number)


def page(reference: str, number: int, **more: Any) -> str:
    """One order with its acts; `more` brings back what was typed when one was refused.

    Raises:
        NotFound: no such order, or out of reach.
    """
    actor = current_user.actor
    with reading() as session:
        order = one_order(session, actor, reference, number)
        shown = _around(session, actor, order)
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(order.category_code) if order.category_code else None
    units = wiring().rulebooks.units()
    return render_template(
        "web/orders/one.html",
        **{
            "order": order,
            "title": category_labels()(order.category_code),
            "answers": told_answers(category, order.answers),
            "unit": units.get(order.unit_id),
            "lead": units.get(order.lead_unit_id or 0),
            "steps": steps_offered(order),
            "outcomes": [(str(code), wording(code, "outcome")) for code in OUTCOMES],
            "slots": [(code, wording(code, "slot")) for code in SLOTS],
            "on_the_ground": actor.roles <= {"field_agent"},
            "key": request.form.get("key") or secrets.token_urlsafe(18),
            "act": "",
            "wrong": {},
            "typed": {},
            "staged": [],
            "refusals": [],
            "clash": False,
            "today": today(),
            "now": wiring().clock.now(),
            **shown,
            **more,
        },
    )


def _around(session: Session, actor: Actor, order: Order) -> dict[str, Any]:
    return {
        "files": pictures_of(session, order),
        "proof": asks_evidence(session, order.category_code),
        "team": _team(session, order),
        "names": agent_names(session, {order.agent_id} if order.agent_id else set()),
        "opens_case": sees_case(session, actor, order),
        "withdraws": may_withdraw(session, actor, order),
        "weeks": week_lines(session, {order.unit_id}) if "plan" in steps_offered(order) else [],
    }


def steps_offered(order: Order) -> set[str]:
    """What the order allows from here and this agent may do; taking it back is asked of the case."""
    actor, possible = current_user.actor, order_steps_from(order.state)
    return {s.verb for s in possible if s.verb != "withdraw" and allows(actor, s.permission, order)}


def _team(session: Session, order: Order) -> list[tuple[int, str]]:
    if not allows(current_user.actor, Permission.ORDER_LEAD, order):
        return []
    return list(team_of(session, order.unit_id).items())


def pictures_of(session: Session, order: Order) -> list[CaseFile]:
    """Photos show the place; a paper that the usager gave says who they are, and stays with the case."""
    return [file for file in files_of_case(session, order.case_id) if file.is_picture]
