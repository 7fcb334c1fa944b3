"""A unit's work as it is walked: emergencies, then sector after sector or street after street."""

from __future__ import annotations

from itertools import groupby

from flask import abort, render_template
from flask_login import current_user

from crm.access import Permission
from crm.cases import MOST_WALKED, PlacedLine, work_by_place
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.staff import agent_names
from crm.web.explaining import category_labels
from crm.web.queues.blueprint import bp
from crm.web.queues.bulk import colleagues, may_act, may_round
from crm.web.weeks import week_lines

_BY = ("secteur", "rue")


@bp.get("/par/<by>")
@needs(Permission.CASE_VIEW)
def by_place(by: str) -> str:
    if by not in _BY:
        abort(404)
    with reading() as session:
        lines = work_by_place(session, current_user.actor, by)
        names = agent_names(session, {line.accepted_by_id for line in lines if line.accepted_by_id})
        team = colleagues(session) if may_act() else []
        weeks = week_lines(session)
    urgent = [line for line in lines if line.priority == 1]
    rest = [line for line in lines if line.priority != 1]
    groups = [(_("Urgences"), urgent)] if urgent else []
    groups += [(place, list(some)) for place, some in groupby(rest, key=lambda line: _place(line, by))]
    return render_template(
        "web/queues/by_place.html",
        by=by,
        groups=groups,
        many=len(lines),
        is_cut=len(lines) == MOST_WALKED,
        label=category_labels(),
        names=names,
        team=team,
        may_act=may_act(),
        weeks=weeks,
        may_round=may_round(),
        now=wiring().clock.now(),
    )


def _place(line: PlacedLine, by: str) -> str:
    inside = line.sector if by == "secteur" else line.street
    return ", ".join(filter(None, (line.commune, inside))) or _("Lieu à trouver")
