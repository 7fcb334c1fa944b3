"""« Transmissions »: what waits, what was refused, what stays silent; and what contractors did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import abort, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.guests import (
    LISTS,
    Returned,
    cases_to_decide,
    closures_contested,
    contractor_report,
    guest_counts,
    guest_list,
)
from crm.http import gettext as _
from crm.http import holds, needs, reading, wiring
from crm.interactions import bodies_of
from crm.web.explaining import category_labels, unit_name
from crm.web.guests.blueprint import bp

DECIDE = "a-decider"
REPORT_DAYS = 90


def _labels() -> Mapping[str, str]:
    return {
        "attente": _("En attente"),
        "silence": _("Sans réponse"),
        "refusees": _("Refusées"),
        "prises": _("Prises en charge"),
        "avis": _("Avis demandés"),
        DECIDE: _("À décider"),
    }


@bp.get("/transmissions")
@needs(Permission.GUEST_ASK)
def transmissions() -> str:
    """`?vue=silence`: one of the lists."""
    actor, now, decides = current_user.actor, wiring().clock.now(), _decides()
    view = request.args.get("vue", LISTS[0])
    if view not in LISTS and not (view == DECIDE and decides):
        abort(404)
    with reading() as session:
        counts = guest_counts(session, actor, now)
        returned = cases_to_decide(session, actor) if decides else []
        lines = guest_list(session, actor, view, now) if view in LISTS else []
        words = bodies_of(session, [*_said_of(returned), *(line.reply_id or 0 for line in lines)])
    if decides:
        counts[DECIDE] = len(returned)
    return render_template(
        "web/guests/transmissions.html",
        view=view,
        label=_labels()[view],
        tabs=[_tab(name, counts[name], view) for name in (*LISTS, *([DECIDE] if decides else []))],
        lines=lines,
        returned=returned if view == DECIDE else [],
        words=words,
        unit=unit_name,
        category=category_labels(),
        now=now,
    )


def _decides() -> bool:
    return holds(current_user.actor.roles, frozenset({Permission.CASE_COORDINATE}))


def _said_of(returned: list[Returned]) -> list[int]:
    return [back.interaction_id or 0 for one in returned for back in one.history]


def _tab(name: str, count: int, view: str) -> dict[str, object]:
    href = url_for("guests.transmissions", vue=name)
    return {"label": _labels()[name], "href": href, "count": count, "here": name == view}


@bp.get("/prestataires")
@needs(Permission.BOARD_VIEW)
def contractors() -> str:
    now = wiring().clock.now()
    with reading() as session:
        since = now - timedelta(days=REPORT_DAYS)
        lines = contractor_report(session, current_user.actor, since, now)
        closures = closures_contested(session, current_user.actor, since)
    return render_template(
        "web/guests/contractors.html", lines=lines, closures=closures, days=REPORT_DAYS, unit=unit_name
    )
