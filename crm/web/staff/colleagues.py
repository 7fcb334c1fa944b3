"""« Annuaire » : a colleague found by their name, their service, or what they know, as during a call."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from crm.access import Permission
from crm.http import needs, reading, whole_number, wiring
from crm.promises import reckoning
from crm.staff import AgentFilter, agents_found, skills, units_for_choice
from crm.web.staff.blueprint import bp
from crm.web.staff.saying import role_words
from crm.web.working_hours import hours_in_words, is_closed_today


@bp.get("/console/annuaire")
@needs(Permission.STAFF_VIEW)
def directory() -> str:
    """`?savoir=2&service=3&q=…`"""
    asked = request.args
    kept = AgentFilter(
        words=asked.get("q", "")[:100],
        unit_id=whole_number(asked.get("service")),
        skill_id=whole_number(asked.get("savoir")),
    )
    with reading() as session:
        found = agents_found(session, current_user.actor, kept, wiring().clock.now())
        known = skills(session)
        choice = units_for_choice(session)
        by = reckoning(session)
    worked = {line.unit_id: by.of(line.unit_id).calendar for line in found.lines if line.unit_id}
    return render_template(
        "web/staff/directory.html",
        found=found,
        asked={name: asked.get(name, "") for name in ("q", "service", "savoir")},
        skills=[(one.id, one.label) for one in known],
        units=[(one.id, f"{one.name} — {one.organization_name}") for one in choice],
        role_words=role_words,
        hours={unit_id: hours_in_words(calendar) for unit_id, calendar in worked.items()},
        closed_today={unit_id for unit_id, calendar in worked.items() if is_closed_today(calendar)},
    )
