"""The moments that a service or a desk opens: a rule in one form, each of them withdrawn if need be."""

from __future__ import annotations

import secrets
from datetime import date, time
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, everywhere
from crm.appointments import Meeting, Opening, open_slots, slots_opened, withdraw_slot
from crm.foundation import IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.http.dates import full_day
from crm.staff import team_of
from crm.web.appointments.blueprint import bp
from crm.web.appointments.booking import whose
from crm.web.explaining import commune_names

_TIMES = ("begins", "ends")
_DAYS = ("first_on", "last_on")


@bp.get("/rendez-vous/creneaux")
@needs(Permission.SLOT_OPEN)
def slots() -> str:
    return _page()


@bp.post("/rendez-vous/creneaux")
@needs(Permission.SLOT_OPEN)
def open_some() -> ResponseReturnValue:
    try:
        opening = _typed()
        with unit_of_work() as uow:
            opened = open_slots(uow, opening, wiring().rulebooks.calendar().is_holiday)
    except Invalid as refusal:
        return _page(reasons(refusal)), 422
    told = ngettext("%(num)d moment ouvert.", "%(num)d moments ouverts.", opened)
    flash(told if opened else _("Ces moments étaient déjà ouverts."), "ok")
    return redirect(url_for(".slots"), 303)


@bp.post("/rendez-vous/creneaux/<int:slot_id>/retrait")
@needs(Permission.SLOT_OPEN)
def withdraw(slot_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            withdraw_slot(uow, slot_id)
    except IllegalStep:
        flash(_("Quelqu’un a pris ce moment : annulez ou déplacez d’abord son rendez-vous."), "warn")
    else:
        flash(_("Ce moment n’est plus proposé."), "ok")
    return redirect(url_for(".slots"), 303)


def _typed() -> Opening:
    """
    Raises:
        Invalid: not a day, not an hour, not a number.
    """
    form, wrong = request.form, {}
    found: dict[str, Any] = {}
    for names, read in ((_DAYS, date.fromisoformat), (_TIMES, time.fromisoformat)):
        for name in names:
            try:
                found[name] = read(form.get(name, "").strip())
            except ValueError:
                wrong[name] = "not_a_date" if names is _DAYS else "not_an_hour"
    if wrong:
        raise Invalid(wrong)
    owner = form.get("owner", "")
    return Opening(
        key=form.get("key", "")[:64] or secrets.token_urlsafe(18),
        meeting=form.get("meeting", ""),
        unit_id=whole_number(owner[1:]) if owner[:1] == "u" else None,
        insee=owner[1:] if owner[:1] == "i" else None,
        place=form.get("place", ""),
        weekdays=frozenset(int(typed) for typed in form.getlist("weekdays") if typed in set("0123456")),
        minutes=whole_number(form.get("minutes")) or 0,
        seats=whole_number(form.get("seats")) or 0,
        agent_ids=tuple(id_ for typed in form.getlist("agent") if (id_ := whole_number(typed)) is not None),
        **found,
    )


def _page(wrong: dict[str, str] | None = None) -> str:
    actor, now = current_user.actor, wiring().clock.now()
    with reading() as session:
        opened = slots_opened(session, actor, now)
        team = {
            id_: name for unit_id in sorted(actor.unit_ids) for id_, name in team_of(session, unit_id).items()
        }
    zone = wiring().rulebooks.calendar().time_zone
    return render_template(
        "web/appointments/slots.html",
        days=[
            (full_day(day), list(some))
            for day, some in groupby(opened, key=lambda slot: slot.starts_at.astimezone(zone).date())
        ],
        owners=_owners(),
        team=sorted(team.items(), key=lambda one: one[1]),
        meetings=[(str(meeting), wording(meeting, "meeting")) for meeting in Meeting],
        weekdays=_weekdays(),
        whose=whose,
        typed=request.form if wrong else None,
        wrong=wrong or {},
        key=request.form.get("key") or secrets.token_urlsafe(18),
        today=now.astimezone(zone).date().isoformat(),
    )


def _owners() -> list[tuple[str, str]]:
    """Services and desks for which this agent opens."""
    actor, communes = current_user.actor, commune_names()
    every = everywhere(actor, Permission.APPOINTMENT_BOOK)
    units = [card for card in wiring().rulebooks.units().values() if card.is_active]
    ours = [card for card in units if every or card.id in actor.unit_ids]
    desks = sorted(actor.places) or (sorted(communes, key=communes.__getitem__) if every else [])
    return [
        *((f"u{card.id}", f"{card.organization_name} — {card.name}") for card in ours),
        *((f"i{insee}", _("Accueil de %(name)s", name=communes.get(insee, insee))) for insee in desks),
    ]


def _weekdays() -> list[dict[str, str]]:
    names = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))
    return [{"value": str(number), "label": name} for number, name in enumerate(names)]
