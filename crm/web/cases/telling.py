"""What those who follow will read, shown before a date or a delay is recorded. Nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from flask import abort, request
from flask_login import current_user

from crm.access import Permission, require
from crm.cases import CaseSheet, followers, one_case
from crm.http import needs, reading, wiring
from crm.notifications import News, Told, told_of
from crm.web.cases.blueprint import bp
from crm.web.cases.views import page

# Which news an act makes, and the box that holds its day.
_NEWS: Mapping[str, tuple[str, str]] = {
    "plan": ("planned", "planned_on"),
    "secure": ("secured", "planned_on"),
    "delay": ("delayed", "due_on"),
}


@bp.post("/<reference:reference>/suiveurs/apercu/<verb>")
@needs(Permission.CASE_VIEW)
def preview_told(reference: str, verb: str) -> str:
    """The page again, with what was typed, and the words for each channel."""
    if verb not in _NEWS:
        abort(404)
    kind, box = _NEWS[verb]
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    require(current_user.actor, Permission.CASE_ACCEPT, case)
    report = request.form.get("motive", "") if verb == "delay" else ""
    news = News(kind=kind, day=_day(request.form.get(box, "")), report=report)
    return page(reference, act=verb, typed=request.form, telling=what_they_read(case, news))


def what_they_read(case: CaseSheet, news: News) -> list[Told]:
    """By channel: how many, and the words."""
    known = wiring()
    with reading() as session:
        people = followers(session, case.id, told_only=True)
        return told_of(session, known.settings.centre, case, people, news, known.clock.now())


def _day(typed: str) -> date | None:
    """None while it is still to be chosen: the words then hold the date we work to."""
    with suppress(ValueError):
        return date.fromisoformat(typed.strip())
    return None
