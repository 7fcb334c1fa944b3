"""Who must have a second factor and has one; taken away from whoever lost theirs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring, wording
from crm.staff.factors import RESET_MOTIVES, last_resets, protected_accounts, reset_second_factor
from crm.web.entrance.halfway import bound_now
from crm.web.protection.blueprint import bp


@bp.get("/administration/protection")
@needs(Permission.SECOND_FACTOR_RESET)
def others() -> str:
    return _page()


@bp.post("/administration/protection/<int:agent_id>")
@needs(Permission.SECOND_FACTOR_RESET)
def reset(agent_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        with unit_of_work() as uow:
            reset_second_factor(uow, agent_id, form.get("motive", ""), form.get("words", ""))
    except Invalid as refusal:
        return _page(agent_id, refusal), 422
    flash(
        _("C’est fait : ses sessions sont fermées. Sa prochaine connexion redemandera une protection."), "ok"
    )
    return redirect(url_for(".others"), 303)


def _page(refused_id: int = 0, refusal: Invalid | None = None) -> str:
    told = wiring().settings.second_factor
    with reading() as session:
        accounts = protected_accounts(session, told.roles)
        resets = last_resets(session, [one.id for one in accounts])
    return render_template(
        "web/protection/others.html",
        accounts=accounts,
        resets=resets,
        me=current_user.card.id,
        roles=[wording(role, "role") for role in told.roles],
        since=told.since,
        in_force=bool(bound_now()),
        motives=[(code, wording(code, "reset_motive")) for code in RESET_MOTIVES],
        refused_id=refused_id,
        wrong=reasons(refusal) if refusal else {},
        typed=request.form,
    )
