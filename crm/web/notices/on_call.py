"""Who is on call: seen and planned, unit by unit, by whoever leads it or supervises."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, everywhere
from crm.contacts import display_phone
from crm.foundation import PARIS, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring
from crm.promises import plan_shift, shifts, withdraw_shift
from crm.staff import UnitCard, standing_by
from crm.web.explaining import unit_name
from crm.web.notices.blueprint import bp


@bp.get("/astreintes")
@needs(Permission.ON_CALL_PLAN)
def on_call() -> str:
    return _page()


@bp.post("/astreintes/<int:unit_id>")
@needs(Permission.ON_CALL_PLAN)
def plan(unit_id: int) -> ResponseReturnValue:
    weeks = whole_number(request.form.get("weeks")) or 0
    try:
        with unit_of_work() as uow:
            plan_shift(
                uow,
                unit_id,
                agent_id=whole_number(request.form.get("agent_id")) or 0,
                phone=request.form.get("phone", ""),
                starts_at=_moment("starts_at"),
                ends_at=_moment("ends_at"),
                weeks=weeks,
            )
    except Invalid as refusal:
        return _page(reasons(refusal), unit_id), 422
    flash(ngettext("Astreinte enregistrée.", "%(num)d astreintes enregistrées.", weeks), "ok")
    return redirect(url_for("notices.on_call", service=unit_id), 303)


@bp.post("/astreintes/<int:shift_id>/retrait")
@needs(Permission.ON_CALL_PLAN)
def withdraw(shift_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        withdraw_shift(uow, shift_id)
    flash(_("Astreinte retirée."), "ok")
    return redirect(url_for("notices.on_call", service=request.form.get("service") or None), 303)


def _moment(name: str) -> datetime:
    """At the hour of Paris, as `datetime-local` writes it."""
    typed = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=PARIS)
    except ValueError:
        raise Invalid({name: "not_a_date" if typed else "required"}) from None


def _page(wrong: dict[str, str] | None = None, unit_id: int | None = None) -> str:
    units = _units()
    chosen = unit_id or whole_number(request.args.get("service"))
    one = next((card for card in units if card.id == chosen), units[0] if len(units) == 1 else None)
    with reading() as session:
        lines = shifts(session, current_user.actor, wiring().clock.now(), one.id if one else None)
        team = standing_by(session, one.id) if one else {}
    return render_template(
        "web/notices/on_call.html",
        units=units,
        choices_of_units=[(card.id, card.name) for card in units],
        chosen=one,
        lines=lines,
        team=list(team.items()),
        unit=unit_name,
        as_said=display_phone,
        now=wiring().clock.now(),
        wrong=wrong or {},
        typed=request.form,
    )


def _units() -> list[UnitCard]:
    """Those whose on-call this agent plans."""
    actor = current_user.actor
    every = everywhere(actor, Permission.ON_CALL_PLAN)
    cards = wiring().rulebooks.units().values()
    mine = (card for card in cards if card.is_active and (every or card.id in actor.own_units))
    return sorted(mine, key=lambda card: card.name)
