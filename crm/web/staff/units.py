"""Units: to whom demands are entrusted; how one closes without losing what it had."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.foundation import Conflict, Invalid, NotFound
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, whole_number, wiring
from crm.network import RulesNaming, holdings, rules_naming, wind_up_unit
from crm.promises import calendar_of_unit, own_calendars, reckoning
from crm.staff import (
    AgentFilter,
    UnitCard,
    UnitTold,
    agents_found,
    organizations,
    reopen_unit,
    save_unit,
    unit_card,
)
from crm.staff import units as all_units
from crm.trail import last_fact
from crm.web.explaining import category_labels, commune_names, of_place
from crm.web.staff.blueprint import AT, bp
from crm.web.staff.giving_back import Given, filled, kept_or_given_back
from crm.web.staff.saying import history, operation_words, typed, wrong_words
from crm.web.working_hours import hours_in_words, is_closed_today

_BOXES = (
    "name",
    "operation",
    "organization_id",
    "insee",
    "address",
    "phone",
    "email",
    "opening_hours",
    "weekly_minutes",
    "usual_minutes",
)


@bp.get(f"{AT}/services")
@needs(Permission.STAFF_MANAGE)
def show_units() -> str:
    """`?fermes=1`: those that are closed."""
    closed = bool(request.args.get("fermes"))
    with reading() as session:
        cards = all_units(session)
    return render_template(
        "web/staff/units.html",
        lines=[card for card in cards if card.is_active != closed],
        closed=closed,
        counts=(sum(card.is_active for card in cards), sum(not card.is_active for card in cards)),
        operations=operation_words(),
        communes=commune_names(),
    )


@bp.get(f"{AT}/services/nouveau")
@needs(Permission.STAFF_MANAGE)
def new_unit() -> str:
    """`?organisme=3&commune=99001`: whose it is stands in the form already; a desk is one of a commune."""
    insee = request.args.get("commune", "")
    owner = whole_number(request.args.get("organisme"))
    blank = dict.fromkeys(_BOXES, "") | {
        "operation": "in_house",
        "organization_id": str(owner or ""),
        "usual_minutes": _USUAL,
    }
    with reading() as session:
        card = next((o for o in organizations(session, current_user.actor) if o.id == owner), None)
    if card is not None:
        blank |= {
            "address": card.address,
            "phone": card.phone,
            "email": card.email,
            "insee": card.insee or "",
        }
    if name := commune_names().get(insee, ""):
        blank |= {"insee": insee, "name": _("Mairie %(of_place)s", of_place=of_place(name))}
    return _form(blank=blank)


@bp.post(f"{AT}/services/nouveau")
@needs(Permission.STAFF_MANAGE)
def add_unit() -> ResponseReturnValue:
    return _saved(None)


@bp.get(f"{AT}/services/<int:unit_id>")
@needs(Permission.STAFF_MANAGE)
def unit(unit_id: int) -> str:
    return _form(unit_id)


@bp.post(f"{AT}/services/<int:unit_id>")
@needs(Permission.STAFF_MANAGE)
def change_unit(unit_id: int) -> ResponseReturnValue:
    return _saved(unit_id)


def _saved(unit_id: int | None) -> ResponseReturnValue:
    told = typed(*_BOXES)
    owner = whole_number(told["organization_id"]) or 0
    read = {
        "organization_id": owner,
        "weekly_minutes": _minutes(told["weekly_minutes"]),
        "usual_minutes": whole_number(told["usual_minutes"].strip() or _USUAL) or _NO_TIME,
    }
    known = UnitTold(**{**told, **read})  # type: ignore[arg-type]
    saved = kept_or_given_back(told, lambda uow, seen: save_unit(uow, known, unit_id, seen=seen))
    if isinstance(saved, Given):
        return _form(unit_id, saved), saved.status
    flash(_("Service enregistré."), "ok")
    return redirect(url_for("staff.unit", unit_id=saved), 303)


_USUAL = "60"
_NO_TIME = -1  # what cannot be read as a duration is refused as one


def _minutes(hours: str) -> int | None:
    """« 35 », « 37,5 »; None when nothing is said."""
    try:
        return round(float(hours.strip().replace(",", ".")) * 60) if hours.strip() else None
    except (ValueError, OverflowError):
        return _NO_TIME


def _there(card: UnitCard) -> dict[str, str]:
    """What the sheet holds, as it is typed."""
    held = {name: str(getattr(card, name) or "") for name in _BOXES}
    hours = f"{card.weekly_minutes / 60:.2f}".rstrip("0").rstrip(".") if card.weekly_minutes else ""
    return {**held, "weekly_minutes": hours.replace(".", ",")}


@bp.get(f"{AT}/services/<int:unit_id>/fermeture")
@needs(Permission.STAFF_MANAGE)
def ask_before_closing(unit_id: int) -> str:
    return _closing(unit_id)


@bp.post(f"{AT}/services/<int:unit_id>/fermeture")
@needs(Permission.STAFF_MANAGE)
def close(unit_id: int) -> ResponseReturnValue:
    heir_id = whole_number(request.form.get("heir_id"))
    try:
        with unit_of_work() as uow:
            draft_id = wind_up_unit(
                uow,
                unit_id,
                heir_id=heir_id,
                motive=request.form.get("motive", ""),
                with_rules="rules" in request.form,
            )
    except Invalid as refusal:
        return _closing(unit_id, wrong_words(refusal)), 422
    except Conflict:
        flash(_("Ce service est déjà fermé."), "info")
        return redirect(url_for("staff.unit", unit_id=unit_id), 303)
    flash(_("Service fermé."), "ok")
    if heir_id is not None:
        flash(_("Ce qu’il avait passe à l’autre service dans les minutes qui suivent."), "info")
    if draft_id is not None:
        flash(_("Le brouillon des règles est prêt : relisez-le, puis publiez-le."), "warn")
        return redirect(url_for("competence.changes", table_id=draft_id), 303)
    return redirect(url_for("staff.unit", unit_id=unit_id), 303)


@bp.post(f"{AT}/services/<int:unit_id>/reouverture")
@needs(Permission.STAFF_MANAGE)
def reopen(unit_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            reopen_unit(uow, unit_id)
    except Invalid as refusal:
        flash(_("Dites d’abord comment le joindre : une adresse et un téléphone."), "warn")
        return _form(unit_id, wrong=wrong_words(refusal)), 422
    flash(_("Service remis en activité. Ce qu’il avait reste où c’est allé."), "ok")
    return redirect(url_for("staff.unit", unit_id=unit_id), 303)


def _closing(unit_id: int, wrong: dict[str, str] | None = None) -> str:
    now, label = wiring().clock.now(), category_labels()
    with reading() as session:
        card = _card(session, unit_id)
        held = holdings(session, current_user.actor, unit_id)
        naming = rules_naming(session, current_user.actor, unit_id, now)
        team = agents_found(session, current_user.actor, AgentFilter(unit_id=unit_id), now)
        heirs = [one for one in all_units(session) if one.is_active and one.id != unit_id]
    return render_template(
        "web/staff/closing.html",
        card=card,
        holding=held,
        categories=sorted((label(code), many) for code, many in held.by_category.items()),
        naming=naming,
        team=team,
        heirs=[(one.id, f"{one.name} — {one.organization_name}") for one in heirs],
        given=typed("heir_id", "motive"),
        with_rules="rules" in request.form or request.method == "GET",
        wrong=wrong or {},
        rules_words=_rules_words,
    )


def _rules_words(one: RulesNaming) -> str:
    if one.version is None:
        return ngettext("Une règle d’un brouillon", "%(num)d règles d’un brouillon", one.rules)
    return ngettext(
        "Une règle de la version %(version)s",
        "%(num)d règles de la version %(version)s",
        one.rules,
        version=one.version,
    )


def _hours_of(session: Session, unit_id: int) -> dict[str, Any]:
    """When it works, by which calendar, and the others that it may be given."""
    given, calendar = calendar_of_unit(session, unit_id), reckoning(session).of(unit_id).calendar
    return {
        "hours": hours_in_words(calendar),
        "is_closed_today": is_closed_today(calendar),
        "calendar_id": given,
        "calendars": [(line.id, line.name) for line in own_calendars(session) if line.retired_at is None],
    }


def _card(session: Session, unit_id: int) -> UnitCard:
    card = unit_card(session, unit_id)
    if card is None:
        raise NotFound()
    return card


def _form(
    unit_id: int | None = None,
    back: Given | None = None,
    *,
    blank: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    shown: dict[str, Any] = {"card": None, "agents": None, "facts": [], "naming": [], "holding": None}
    there, seen, now = blank or {}, 0, wiring().clock.now()
    with reading() as session:
        owners = organizations(session, current_user.actor)
        if unit_id is not None:
            card, seen = _card(session, unit_id), last_fact(session, "unit", unit_id)
            shown = {
                "card": card,
                "agents": agents_found(session, current_user.actor, AgentFilter(unit_id=unit_id), now),
                "facts": history(session, "unit", unit_id),
                "naming": rules_naming(session, current_user.actor, unit_id, now),
                "holding": holdings(session, current_user.actor, unit_id),
                "work": _hours_of(session, unit_id),
            }
            there = _there(card)
    choices = {
        "operation": operation_words().items(),
        "insee": commune_names().items(),
        "organization_id": [(one.id, one.name) for one in owners],
    }
    return render_template(
        "web/staff/unit.html",
        **shown,
        **filled(back, there, seen, choices, wrong),
        operations=operation_words(),
        communes=commune_names(),
        owners=choices["organization_id"],
        rules_words=_rules_words,
    )
