"""The calendar of the centre: seen, changed, tried on the thirty days to come, published with a note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.deadlines import CalendarError
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reason, unit_of_work, whole_number, wiring
from crm.http.dates import today
from crm.promises import (
    KeptCalendar,
    calendar_history,
    calendar_in_force,
    calendar_version,
    days_ahead,
    publish_calendar,
    usable,
)
from crm.staff import agent_names
from crm.web.calendars.blueprint import bp
from crm.web.calendars.typed import as_kept, filled_from, written_from


@bp.get("/administration/calendriers")
@needs(Permission.CALENDAR_MANAGE)
def show() -> str:
    with reading() as session:
        kept = calendar_in_force(session)
    return _page(kept, as_kept(kept.written))


@bp.post("/administration/calendriers")
@needs(Permission.CALENDAR_MANAGE)
def change() -> ResponseReturnValue:
    """« Aperçu » shows what it would make; « Publier » goes by it."""
    with reading() as session:
        kept = calendar_in_force(session)
    typed = written_from(request.form, as_kept(kept.written))
    try:
        if request.form.get("do") != "publish":
            usable(typed, today())
            return _page(kept, typed, tried=True)
        seen = whole_number(request.form.get("seen_version"))
        with unit_of_work() as uow:
            publish_calendar(
                uow, typed, note=request.form.get("note", ""), seen_version=-1 if seen is None else seen
            )
    except CalendarError as refusal:
        return _page(kept, typed, problems=refusal.problems), 422
    except Invalid as refusal:
        return _page(kept, typed, wrong={name: reason(code) for name, code in refusal.fields.items()}), 422
    except Conflict:
        flash(
            _("Un collègue vient de publier un autre calendrier : le voici. Reprenez votre changement."),
            "warn",
        )
        return _page(kept, as_kept(kept.written)), 409
    wiring().rulebooks.forget_calendar()
    flash(_("Calendrier publié. Les échéances en cours sont recalculées."), "ok")
    return redirect(url_for("calendars.show"), 303)


@bp.get("/administration/calendriers/<int:version>")
@needs(Permission.CALENDAR_MANAGE)
def one(version: int) -> str:
    with reading() as session:
        kept = calendar_version(session, version)
    return render_template(
        "web/calendars/version.html",
        version=version,
        filled=filled_from(as_kept(kept.written), today()),
        days=days_ahead(kept.calendar, as_kept(kept.written), today()),
        weekdays=weekday_words(),
        repeats=repeat_words(),
    )


@bp.get("/administration/calendriers/recalcul")
@needs(Permission.CALENDAR_MANAGE)
def progress() -> str:
    """How far the latest change got, for the page that waits for it."""
    with reading() as session:
        latest = calendar_history(session, limit=1)
    return render_template("web/calendars/_progress.html", latest=latest[0] if latest else None)


def _page(
    kept: KeptCalendar,
    written: dict[str, Any],
    *,
    tried: bool = False,
    problems: list[str] | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    shown = kept.calendar if problems else usable(written, today())
    with reading() as session:
        history = calendar_history(session)
        names = agent_names(session, {line.made_by_id for line in history if line.made_by_id is not None})
    before = {day.on: day.slots for day in days_ahead(kept.calendar, as_kept(kept.written), today())}
    days = days_ahead(shown, written if not problems else as_kept(kept.written), today())
    return render_template(
        "web/calendars/show.html",
        version=kept.version,
        filled=filled_from(written, today()),
        days=days,
        changed={day.on for day in days if day.slots != before[day.on]},
        tried=tried,
        problems=problems or [],
        wrong=wrong or {},
        note=request.form.get("note", ""),
        history=history,
        latest=history[0] if history else None,
        names=names,
        weekdays=weekday_words(),
        repeats=repeat_words(),
    )


def weekday_words() -> dict[str, str]:
    return {
        "monday": _("Lundi"),
        "tuesday": _("Mardi"),
        "wednesday": _("Mercredi"),
        "thursday": _("Jeudi"),
        "friday": _("Vendredi"),
        "saturday": _("Samedi"),
        "sunday": _("Dimanche"),
    }


def repeat_words() -> dict[str, str]:
    return {
        "once": _("Une seule fois"),
        "weekly": _("Chaque semaine, ce jour-là"),
        "monthly": _("Chaque mois, le même jour de la semaine"),
        "yearly": _("Chaque année, à cette date"),
    }
