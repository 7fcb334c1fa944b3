"""An agent leaves: the account closes, what they had begun goes to a colleague. And may come back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number, wiring
from crm.network import deactivate_agent, left_behind
from crm.staff import AgentFilter, agents_found, enable_agent, one_agent
from crm.web.staff.blueprint import AT, bp
from crm.web.staff.saying import role_words, typed, wrong_words


@bp.get(f"{AT}/agents/<int:agent_id>/depart")
@needs(Permission.STAFF_MANAGE)
def ask_before_leaving(agent_id: int) -> str:
    return _page(agent_id)


@bp.post(f"{AT}/agents/<int:agent_id>/depart")
@needs(Permission.STAFF_MANAGE)
def leave(agent_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            left = deactivate_agent(uow, agent_id, heir_id=whole_number(request.form.get("heir_id")))
    except Invalid as refusal:
        return _page(agent_id, wrong_words(refusal)), 422
    told = _("Compte désactivé : ses sessions sont fermées.")
    if not left.is_empty:
        told = _(
            "Compte désactivé. Brouillons remis : %(drafts)s. Demandes : %(cases)s. "
            "Interventions : %(orders)s. Rendez-vous : %(appointments)s.",
            drafts=left.drafts,
            cases=left.cases,
            orders=left.orders,
            appointments=left.appointments,
        )
    flash(told, "ok")
    return redirect(url_for("staff.agent", agent_id=agent_id), 303)


@bp.post(f"{AT}/agents/<int:agent_id>/retour")
@needs(Permission.STAFF_MANAGE)
def come_back(agent_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        enable_agent(uow, agent_id)
    flash(_("Compte remis en service. Un lien part pour choisir un nouveau mot de passe."), "ok")
    return redirect(url_for("staff.agent", agent_id=agent_id), 303)


def _page(agent_id: int, wrong: dict[str, str] | None = None) -> str:
    """Colleagues of the same unit first: demands and interventions can be theirs by name."""
    now = wiring().clock.now()
    with reading() as session:
        line = one_agent(session, current_user.actor, agent_id, now)
        left = left_behind(session, current_user.actor, agent_id, now)
        others = agents_found(session, current_user.actor, AgentFilter(), now, limit=2000).lines
    units = {grant.unit_id for grant in line.grants} - {None}
    near = sorted(
        (one for one in others if one.id != agent_id),
        key=lambda one: not units & {grant.unit_id for grant in one.grants},
    )
    return render_template(
        "web/staff/leaving.html",
        one=line,
        left=left,
        heirs=[(one.id, f"{one.name} — {one.unit_name or one.organization_name}") for one in near],
        given=typed("heir_id"),
        wrong=wrong or {},
        role_words=role_words,
    )
