"""« Pour moi »: notes that name me, cases I follow, a colleague's eye that is asked for, calls for help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import (
    MentionLine,
    OffScriptLine,
    addressees,
    looks_asked,
    mentions_of,
    one_case,
    seen_by_me,
    unwatch_case,
    watch_case,
    watched_by,
)
from crm.foundation import fold
from crm.http import gettext as _
from crm.http import holds, needs, reading, unit_of_work, whole_number, wiring
from crm.intake import HelpCard, help_waiting
from crm.staff import agent_names
from crm.web.together.blueprint import bp

_PROPOSED = 8


@dataclass(frozen=True, slots=True)
class Named:
    """Something for me, and who it comes from."""

    item: MentionLine | OffScriptLine | HelpCard
    who: str


@bp.get("/pour-moi")
@needs(Permission.CASE_VIEW)
def for_me() -> str:
    actor, now = current_user.actor, wiring().clock.now()
    helps = holds(actor.roles, frozenset({Permission.CASE_CREATE}))
    with reading() as session:
        mentions, looks = mentions_of(session, actor), looks_asked(session, actor)
        calls = help_waiting(session, actor, now) if helps else []
        watched = watched_by(session, actor)
        asking = {one.by_id for one in mentions} | {one.agent_id for one in looks}
        asking |= {one.agent_id for one in calls}
        names = agent_names(session, {id_ for id_ in asking if id_ is not None})
    return render_template(
        "web/together/for_me.html",
        mentions=[Named(one, names.get(one.by_id or 0, "")) for one in mentions],
        looks=[Named(one, names.get(one.agent_id or 0, "")) for one in looks],
        calls=[Named(one, names.get(one.agent_id, "")) for one in calls],
        watched=watched,
        me=actor.id,
        last_id=max((one.id for one in mentions), default=0),
        shown_at=now.isoformat(),
        new=any(one.seen_at is None for one in mentions) or any(one.is_new for one in watched),
    )


@bp.post("/pour-moi/vu")
@needs(Permission.CASE_VIEW)
def seen() -> ResponseReturnValue:
    try:
        shown_at = datetime.fromisoformat(request.form.get("shown_at", "")).astimezone()
    except ValueError:
        abort(400)
    with unit_of_work() as uow:
        seen_by_me(uow, whole_number(request.form.get("last_id")) or 0, shown_at)
    return redirect(url_for(".for_me"), 303)


@bp.post("/demandes/<reference:reference>/suivre")
@needs(Permission.CASE_VIEW)
def watch(reference: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        watch_case(uow, reference)
    flash(_("Vous suivez cette demande : ce qui s’y passe est dans « Pour moi »."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.post("/demandes/<reference:reference>/ne-plus-suivre")
@needs(Permission.CASE_VIEW)
def unwatch(reference: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        unwatch_case(uow, reference)
    flash(_("Vous ne suivez plus cette demande."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.get("/demandes/<reference:reference>/collegues")
@needs(Permission.CASE_NOTE)
def colleagues_for(reference: str) -> ResponseReturnValue:
    """Who may be named in a note on this case: those who can read it, and nobody else."""
    words = fold(request.args.get("q", "")).split()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        known = addressees(session, case, but=current_user.actor.id)
    fitting = [
        one for one in known if all(any(part.startswith(w) for part in fold(one.name).split()) for w in words)
    ]
    return {
        "items": [
            {"value": one.name, "label": one.name, "detail": one.detail, "data": {}}
            for one in fitting[:_PROPOSED]
        ]
    }
