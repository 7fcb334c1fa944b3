"""A calendar, the centre's or one of units: changed, tried on thirty days to come, published with a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.deadlines import CalendarError
from crm.foundation import Conflict, Invalid, UnitOfWork, clean
from crm.http import needs, reading, reason, reasons, unit_of_work, whole_number, wiring
from crm.http.dates import today
from crm.promises import (
    CalendarLine,
    KeptCalendar,
    PlannedLine,
    VersionLine,
    add_calendar,
    calendar_history,
    calendar_in_force,
    latest_planned,
    own_calendar,
    publish_calendar,
    usable,
)
from crm.staff import agent_names
from crm.web.calendars.blueprint import AT, bp
from crm.web.calendars.coming import begins_on, days_shown, first_day, published_words, taken_up, wrong_day
from crm.web.calendars.refusing import wrong_boxes
from crm.web.calendars.saying import repeat_words, weekday_words
from crm.web.calendars.typed import as_kept, filled_from, written_from


@dataclass(frozen=True, slots=True)
class _Sheet:
    """
    Args:
        kept: in force, against which changes are shown; for a new one, the centre's, which it is made from.
        line: None for the centre's and for a new one.
        latest: the last that was published for a day to come, whatever became of it.
    """

    kept: KeptCalendar
    line: CalendarLine | None = None
    is_new: bool = False
    latest: PlannedLine | None = None

    @property
    def planned(self) -> PlannedLine | None:
        """What takes effect on a day to come."""
        return self.latest if self.latest and self.latest.state == "to_come" else None

    @property
    def left(self) -> PlannedLine | None:
        """What was withdrawn, and whose day is still to come: it may be taken up again."""
        waits = self.latest and self.latest.state == "withdrawn" and self.latest.takes_effect_on > today()
        return self.latest if waits else None

    @property
    def is_own(self) -> bool:
        return self.is_new or self.line is not None


@bp.get(f"{AT}/centre")
@needs(Permission.CALENDAR_MANAGE)
def show_centre() -> str:
    return _as_it_is(_sheet(None))


@bp.post(f"{AT}/centre")
@needs(Permission.CALENDAR_MANAGE)
def change_centre() -> ResponseReturnValue:
    return _changed(None)


@bp.get(f"{AT}/<int:calendar_id>")
@needs(Permission.CALENDAR_MANAGE)
def show_own(calendar_id: int) -> str:
    return _as_it_is(_sheet(calendar_id))


@bp.post(f"{AT}/<int:calendar_id>")
@needs(Permission.CALENDAR_MANAGE)
def change_own(calendar_id: int) -> ResponseReturnValue:
    return _changed(calendar_id)


@bp.get(f"{AT}/nouveau")
@needs(Permission.CALENDAR_MANAGE)
def new() -> str:
    return _as_it_is(_blank())


@bp.post(f"{AT}/nouveau")
@needs(Permission.CALENDAR_MANAGE)
def add() -> ResponseReturnValue:
    def make(uow: UnitOfWork, written: dict[str, Any], note: str) -> int:
        return add_calendar(uow, request.form.get("name", ""), written, note=note)

    return _tried_or_published(_blank(), make)


def _sheet(calendar_id: int | None) -> _Sheet:
    with reading() as session:
        line = own_calendar(session, calendar_id) if calendar_id is not None else None
        planned = latest_planned(session, calendar_id)
        return _Sheet(calendar_in_force(session, calendar_id), line, latest=planned)


def _blank() -> _Sheet:
    with reading() as session:
        return _Sheet(calendar_in_force(session), is_new=True)


def _changed(calendar_id: int | None) -> ResponseReturnValue:
    seen = whole_number(request.form.get("seen_version"))

    def publish(uow: UnitOfWork, written: dict[str, Any], note: str) -> int | None:
        publish_calendar(
            uow,
            written,
            note=note,
            seen_version=-1 if seen is None else seen,
            calendar_id=calendar_id,
            name=request.form.get("name", ""),
            on=begins_on(),
        )
        return calendar_id

    return _tried_or_published(_sheet(calendar_id), publish)


def _tried_or_published(
    sheet: _Sheet, publish: Callable[[UnitOfWork, dict[str, Any], str], int | None]
) -> ResponseReturnValue:
    """« Aperçu » shows what it would make; « Publier » goes by it. Whatever is refused stays typed."""
    typed = written_from(request.form, as_kept(sheet.kept.written))
    if boxes := wrong_boxes(typed) | wrong_day():
        return _page(sheet, typed, wrong=_left_empty(sheet) | boxes, readable=False), 422
    try:
        if request.form.get("do") != "publish":
            usable(typed, first_day(), answers=not sheet.is_own)
            return _page(sheet, typed, tried=True)
        with unit_of_work() as uow:
            calendar_id = publish(uow, typed, request.form.get("note", ""))
    except CalendarError as refusal:
        return _page(sheet, typed, problems=refusal.problems, readable=False), 422
    except Invalid as refusal:
        return _page(sheet, typed, wrong=reasons(refusal)), 422
    except Conflict as newer:
        theirs = _sheet(sheet.line.id if sheet.line else None)
        return _page(theirs, typed, met="planned" if "planned" in newer.details else "published"), 409
    wiring().rulebooks.forget_calendar()
    flash(published_words(), "ok")
    here = url_for("calendars.show_own", calendar_id=calendar_id) if calendar_id else None
    return redirect(here or url_for("calendars.show_centre"), 303)


def _left_empty(sheet: _Sheet) -> dict[str, str]:
    """Said with the hours that cannot be read: nobody corrects twice."""
    wanted = ("note", *(("name",) if sheet.is_own else ())) if request.form.get("do") == "publish" else ()
    return {box: reason("required") for box in wanted if not clean(request.form.get(box, ""))}


def _as_it_is(sheet: _Sheet) -> str:
    if not sheet.is_new and (withdrawn := taken_up(sheet.line.id if sheet.line else None)):
        return _page(sheet, dict(withdrawn.written), withdrawn=withdrawn)
    return _page(sheet, as_kept(sheet.kept.written))


def _page(
    sheet: _Sheet,
    written: dict[str, Any],
    *,
    tried: bool = False,
    met: str = "",
    readable: bool = True,
    problems: list[str] | None = None,
    wrong: dict[str, str] | None = None,
    withdrawn: PlannedLine | None = None,
) -> str:
    history, names = _history(sheet)
    is_other = readable and written != as_kept(sheet.kept.written)
    typed = (usable(written, first_day(), answers=not sheet.is_own), written) if is_other else None
    days, changed = days_shown(sheet.kept, typed, sheet.planned)
    return render_template(
        "web/calendars/show.html",
        line=sheet.line,
        is_new=sheet.is_new,
        is_own=sheet.is_own,
        version=0 if sheet.is_new else sheet.kept.version,
        planned=sheet.planned,
        withdrawn=withdrawn,
        left=sheet.left,
        name=request.form.get("name", sheet.line.name if sheet.line else ""),
        filled=filled_from(written, today()),
        days=days,
        changed=changed,
        tried=tried,
        met=met,
        problems=problems or [],
        wrong=wrong or {},
        note=request.form.get("note", withdrawn.note if withdrawn else ""),
        effective_on=request.form.get("effective_on", withdrawn.takes_effect_on if withdrawn else ""),
        history=history,
        latest=history[0] if history else None,
        names=names,
        weekdays=weekday_words(),
        repeats=repeat_words(),
    )


def _history(sheet: _Sheet) -> tuple[list[VersionLine], dict[int, str]]:
    if sheet.is_new:
        return [], {}
    with reading() as session:
        history = calendar_history(session, sheet.line.id if sheet.line else None)
        writers = {line.made_by_id for line in history if line.made_by_id is not None}
        return history, agent_names(session, writers)
