"""A call that was answered and that nobody qualified: whoever keeps the balance says what it was."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.contacts import display_phone
from crm.foundation import PARIS, Conflict
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, wording
from crm.interactions import CallReason, qualify_for_agent, told_call
from crm.staff import agent_names
from crm.web.inbox.blueprint import bp


@bp.get("/appels/<int:call_id>")
@needs(Permission.INBOUND_SORT)
def call(call_id: int) -> str:
    with reading() as session:
        told = told_call(session, current_user.actor, call_id)
        names = agent_names(session, {told.agent_id} if told.agent_id else set())
    return render_template(
        "web/inbox/call.html",
        call=told,
        number=display_phone(told.caller) if told.caller else "",
        agent_name=names.get(told.agent_id or 0, ""),
        day=told.created_at.astimezone(PARIS).date(),
        motives=[(str(code), wording(code, "call_reason")) for code in CallReason],
    )


@bp.post("/appels/<int:call_id>")
@needs(Permission.INBOUND_SORT)
def qualify(call_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            qualify_for_agent(uow, call_id, request.form.get("reason", ""))
    except Conflict:
        flash(_("Un collègue vient de dire ce qu’était cet appel."), "warn")
    else:
        flash(_("Appel expliqué."), "ok")
    return redirect(url_for("inbox.balance"), 303)
