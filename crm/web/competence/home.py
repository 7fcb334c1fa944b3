"""The first page of whoever keeps the settings: what needs them, then where each setting is."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from crm.access import Permission, allows
from crm.http import needs, reading, wiring
from crm.routing import in_force, orphans, versions
from crm.web.competence.blueprint import bp


@bp.get("/administration")
@needs(Permission.ROUTING_VIEW)
def admin_home() -> str:
    now = wiring().clock.now()
    with reading() as session:
        cards = versions(session, current_user.actor)
        lost = orphans(session, current_user.actor, now)
    return render_template(
        "web/competence/home.html",
        orphans=lost,
        current=in_force(cards, now),
        to_come=[card for card in cards if card.is_to_come(now)],
        drafts=[card for card in cards if card.is_draft],
        may_edit_content=allows(current_user.actor, Permission.CONTENT_EDIT),
        may_keep_people=allows(current_user.actor, Permission.STAFF_MANAGE),
    )
