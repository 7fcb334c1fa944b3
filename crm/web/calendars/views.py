"""Calendars: the centre's and those of units; who goes by which, each version, and how far a change got."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number
from crm.http.dates import today
from crm.promises import (
    calendar_history,
    calendar_version,
    calendars_in_force,
    days_ahead,
    give_calendar,
    own_calendar,
    own_calendars,
    planned_calendars,
    restore_calendar,
    retire_calendar,
)
from crm.web.calendars.blueprint import AT, bp
from crm.web.calendars.saying import repeat_words, weekday_words
from crm.web.calendars.typed import as_kept, filled_from
from crm.web.working_hours import hours_in_words


@bp.get(AT)
@needs(Permission.CALENDAR_MANAGE)
def show() -> str:
    with reading() as session:
        lines = own_calendars(session)
        kept = calendars_in_force(session)
        planned = planned_calendars(session)
    return render_template(
        "web/calendars/list.html",
        lines=lines,
        hours={id_: hours_in_words(one.calendar) for id_, one in kept.items()},
        versions={id_: one.version for id_, one in kept.items()},
        planned={id_: one.takes_effect_on for id_, one in planned.items()},
    )


@bp.get(f"{AT}/versions/<int:version>")
@needs(Permission.CALENDAR_MANAGE)
def version(version: int) -> str:
    with reading() as session:
        kept = calendar_version(session, version)
        line = own_calendar(session, kept.calendar_id) if kept.calendar_id is not None else None
    return render_template(
        "web/calendars/version.html",
        version=version,
        planned=None,
        line=line,
        filled=filled_from(as_kept(kept.written), today()),
        days=days_ahead(kept.calendar, as_kept(kept.written), today()),
        weekdays=weekday_words(),
        repeats=repeat_words(),
    )


@bp.get(f"{AT}/versions/<int:version>/recalcul")
@needs(Permission.CALENDAR_MANAGE)
def progress(version: int) -> str:
    """How far a change got, for the page that waits for it."""
    with reading() as session:
        calendar_id = calendar_version(session, version).calendar_id
        latest = calendar_history(session, calendar_id, limit=1)
    return render_template("web/calendars/_progress.html", latest=latest[0] if latest else None)


@bp.post(f"{AT}/<int:calendar_id>/retrait")
@needs(Permission.CALENDAR_MANAGE)
def retire(calendar_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            retire_calendar(uow, calendar_id)
    except Conflict:
        with reading() as session:
            units = ", ".join(name for _id, name in own_calendar(session, calendar_id).units)
        flash(
            _(
                "Ce calendrier sert encore à : %(units)s. Donnez-leur d’abord un autre calendrier.",
                units=units,
            ),
            "warn",
        )
    else:
        flash(_("Calendrier retiré : il n’est plus proposé."), "ok")
    return redirect(url_for("calendars.show_own", calendar_id=calendar_id), 303)


@bp.post(f"{AT}/<int:calendar_id>/reprise")
@needs(Permission.CALENDAR_MANAGE)
def restore(calendar_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        restore_calendar(uow, calendar_id)
    flash(_("Calendrier remis en usage."), "ok")
    return redirect(url_for("calendars.show_own", calendar_id=calendar_id), 303)


@bp.post("/administration/services/<int:unit_id>/calendrier")
@needs(Permission.CALENDAR_MANAGE)
def give(unit_id: int) -> ResponseReturnValue:
    """To a unit, on its sheet. Nothing chosen: the centre's."""
    try:
        with unit_of_work() as uow:
            give_calendar(uow, unit_id, _said("calendar_id"), seen_id=_said("seen_calendar"))
    except Conflict:
        flash(_("Un collègue vient de changer le calendrier de ce service : voici celui qu’il suit."), "warn")
    except Invalid:
        flash(_("Ce calendrier vient d’être retiré : choisissez-en un autre."), "warn")
    else:
        flash(_("Calendrier du service enregistré. Ses prises en charge en cours sont recalculées."), "ok")
    return redirect(url_for("staff.unit", unit_id=unit_id), 303)


def _said(name: str) -> int | None:
    """None: the centre's. What is no number names no calendar."""
    said = request.form.get(name, "")
    return (whole_number(said) or 0) if said else None
