"""The first page of whoever keeps the settings: what needs them, then where each setting is."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from crm.access import Permission, allows
from crm.http import needs, reading, wiring
from crm.routing import orphans, versions
from crm.web.competence.blueprint import bp
from crm.web.competence.versions import in_force


@bp.get("/administration")
@needs(Permission.ROUTING_VIEW)
def admin_home() -> str:
    now = wiring().clock.now()
    with reading() as session:
        cards = versions(session, current_user.actor)
        lost = orphans(session, current_user.actor, now)
    current = in_force(cards)
    return render_template(
        "web/competence/home.html",
        orphans=lost,
        current=next((card for card in cards if card.id == current), None),
        to_come=[card for card in cards if card.is_to_come(now)],
        drafts=[card for card in cards if card.is_draft],
        may_edit_content=allows(current_user.actor, Permission.CONTENT_EDIT),
        may_keep_people=allows(current_user.actor, Permission.STAFF_MANAGE),
    )
