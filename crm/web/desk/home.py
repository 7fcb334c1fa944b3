"""The day of a desk on one page: search, a new demand, the commune's demands, who is to be called back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import calls_within_reach, ended_count, ended_lately, queue_page
from crm.contacts import contact_names, display_phone
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wiring
from crm.intake import people_waiting
from crm.staff import choose_digest, wants_digest
from crm.web.desk.blueprint import bp
from crm.web.explaining import category_labels, commune_names, of_place, references_of
from crm.web.frame import open_counts

_FIRST, _CALLS = 5, 3
LATELY = timedelta(days=7)


@bp.get("/accueil")
@needs(Permission.CASE_CREATE)
def show() -> ResponseReturnValue:
    insee = desk_commune()
    if not insee:  # who keeps no desk begins elsewhere
        return redirect(url_for("intake.new"))
    actor, now = current_user.actor, wiring().clock.now()
    with reading() as session:
        counts = open_counts(session, also=("toutes", "en-retard"))
        shown = {
            "open": queue_page(session, actor, "toutes", now, limit=_FIRST),
            "late": queue_page(session, actor, "en-retard", now, limit=_FIRST),
            "ended": ended_lately(session, actor, insee, now - LATELY, limit=_FIRST),
            "ended_count": ended_count(session, actor, insee, now - LATELY),
            "wants_digest": wants_digest(session, actor.id or 0),
            "waiting": people_waiting(session, insee, now),
            **_calls(session),
        }
    name = commune_names().get(insee, insee)
    return render_template(
        "web/desk/home.html",
        of_commune=of_place(name),
        counts=counts,
        label=category_labels(),
        now=now,
        **shown,
    )


def desk_commune() -> str:
    """The commune whose desk this agent keeps; empty for none."""
    return min(current_user.actor.places, default="")


def _calls(session: Session) -> dict[str, Any]:
    waiting = calls_within_reach(session, current_user.actor, left_by=wiring().clock.now())
    first = waiting[:_CALLS]
    return {
        "calls": first,
        "call_count": len(waiting),
        "numbers": {call.id: display_phone(call.recipient) for call in first},
        "people": contact_names(session, [call.contact_id for call in first if call.contact_id]),
        "references": references_of(session, first),
    }


@bp.post("/accueil/point-du-lundi")
@needs(Permission.SELF_EDIT)
def choose() -> ResponseReturnValue:
    wanted = request.form.get("weekly_digest") == "1"
    with unit_of_work() as uow:
        choose_digest(uow, wanted=wanted)
    told = _("Vous recevrez le point du lundi.") if wanted else _("Vous ne recevrez plus le point du lundi.")
    flash(told, "ok")
    return redirect(url_for("desk.show"), 303)
