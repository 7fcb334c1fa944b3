"""A calendar published for a day to come: the day that is typed, the days it makes, read and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.deadlines import Calendar, read_calendar
from crm.foundation import Conflict
from crm.http import gettext as _
from crm.http import needs, reading, reason, unit_of_work, whole_number
from crm.http.dates import full_day, today
from crm.promises import (
    KeptCalendar,
    PlannedDay,
    PlannedLine,
    days_ahead,
    own_calendar,
    planned_calendar,
    withdraw_planned,
)
from crm.web.calendars.blueprint import AT, bp
from crm.web.calendars.saying import repeat_words, weekday_words
from crm.web.calendars.typed import as_kept, filled_from


def begins_on() -> date | None:
    """The day asked for; None: at once, or what is no day (`wrong_day`)."""
    try:
        return date.fromisoformat(request.form.get("effective_on", "").strip())
    except ValueError:
        return None


def wrong_day() -> dict[str, str]:
    """Box → what to write in it."""
    is_wrong = bool(request.form.get("effective_on", "").strip()) and begins_on() is None
    return {"effective_on": reason("not_a_date")} if is_wrong else {}


def first_day() -> date:
    """On which what is typed would be gone by."""
    return max(begins_on() or today(), today())


def published_words() -> str:
    if (day := first_day()) == today():
        return _("Calendrier publié. Les échéances en cours sont recalculées.")
    return _("Calendrier publié : il prend effet le %(day)s. D’ici là, rien ne bouge.", day=full_day(day))


def days_shown(
    kept: KeptCalendar, typed: tuple[Calendar, Mapping[str, Any]] | None, planned: PlannedLine | None
) -> tuple[list[PlannedDay], set[date]]:
    """The thirty days to come, by what is in force until something else is; and those that differ.

    Args:
        typed: what was read of the form, and its words; None: nothing else than what is in force.
    """
    days = days_ahead(kept.calendar, as_kept(kept.written), today())
    starts, then = first_day(), typed
    if then is None and planned is not None:
        starts, then = planned.takes_effect_on, (read_calendar(planned.written), planned.written)
    if then is None:
        return days, set()
    after = {day.on: day for day in days_ahead(*then, today()) if day.on >= starts}
    changed = {day.on for day in days if day.on in after and after[day.on].slots != day.slots}
    return [after.get(day.on, day) for day in days], changed


def taken_up(calendar_id: int | None) -> PlannedLine | None:
    """`?reprise=3`: what was withdrawn before its day fills the form again, of that calendar alone."""
    if (planned_id := whole_number(request.args.get("reprise"))) is None:
        return None
    with reading() as session:
        line = planned_calendar(session, planned_id)
    if line.state != "withdrawn" or line.calendar_id != calendar_id:
        abort(404)
    return replace(line, written=as_kept(line.written))


@bp.get(f"{AT}/a-venir/<int:planned_id>")
@needs(Permission.CALENDAR_MANAGE)
def planned(planned_id: int) -> str:
    with reading() as session:
        coming = planned_calendar(session, planned_id)
        line = own_calendar(session, coming.calendar_id) if coming.calendar_id is not None else None
    if coming.state != "to_come":
        abort(404)
    written = as_kept(coming.written)
    return render_template(
        "web/calendars/version.html",
        planned=coming,
        line=line,
        filled=filled_from(written, today()),
        days=days_ahead(read_calendar(written), written, max(coming.takes_effect_on, today())),
        weekdays=weekday_words(),
        repeats=repeat_words(),
    )


@bp.post(f"{AT}/a-venir/<int:planned_id>/retrait")
@needs(Permission.CALENDAR_MANAGE)
def withdraw(planned_id: int) -> ResponseReturnValue:
    """Back to the form, filled with what it said."""
    with reading() as session:
        calendar_id = planned_calendar(session, planned_id).calendar_id
    taken: dict[str, Any] = {"reprise": planned_id}
    try:
        with unit_of_work() as uow:
            withdraw_planned(uow, planned_id)
    except Conflict:
        taken = {}
        flash(_("Trop tard : cette version vient de prendre effet. Publiez-en une autre."), "warn")
    else:
        flash(_("Version retirée : elle ne prendra pas effet."), "ok")
    if calendar_id is None:
        return redirect(url_for("calendars.show_centre", **taken), 303)
    return redirect(url_for("calendars.show_own", calendar_id=calendar_id, **taken), 303)
