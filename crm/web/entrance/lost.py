"""A session that ended while somebody typed: scripts are told, what a form carried waits for its agent."""

from __future__ import annotations

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url

from crm.access import Permission
from crm.foundation import RESIDENT
from crm.http import gettext as _
from crm.http import holds, unit_of_work
from crm.http.errors import problem, wants_json
from crm.intake import AlreadySent, keep_before_log_in
from crm.web.drafts.typed import says_something, typed_in
from crm.web.entrance.halfway import check_roles
from crm.web.entrance.views import login_page


def install(app: Flask) -> None:
    check_roles(app.extensions["crm"].settings)
    app.extensions["login"].unauthorized_handler(logged_out)
    app.extensions["crm_stale_token"] = stale_token


def _from_script() -> bool:
    return "HX-Request" in request.headers or wants_json()


def logged_out() -> ResponseReturnValue:
    """Nobody is logged in: a script asks for the password on the spot, a page goes by the door."""
    if _from_script():
        return problem(401, "logged_out")
    if request.method == "GET":
        return redirect(login_url("entrance.login", request.url))
    kept = _kept()
    if not kept:
        return redirect(url_for("entrance.login"))
    flash(_("Votre session est terminée. Votre saisie est gardée : elle revient dès la connexion."), "warn")
    return redirect(url_for("entrance.login", next=kept), 303)


def stale_token() -> ResponseReturnValue | None:
    """The form’s token is dead, its agent perhaps logged in again. None for what is not our affair."""
    if request.path == url_for("entrance.log_in"):
        return login_page(_("Cette page était ouverte depuis longtemps. Recommencez.")), 400
    if not request.path.startswith("/console"):
        return None
    if not current_user.is_authenticated:
        return logged_out()
    if _from_script():
        return problem(401, "csrf")
    kept = _kept() if holds(current_user.actor.roles, frozenset({Permission.CASE_CREATE})) else ""
    if not kept:
        return None
    flash(_("Vous vous étiez reconnecté ailleurs. Votre saisie est là : vérifiez, puis enregistrez."), "warn")
    return redirect(kept, 303)


def _kept() -> str:
    """Where what the form carried is found again; "" when it was not the entry form."""
    read = typed_in(request.form)
    if read is None or not says_something(read[0]):
        return ""
    typed, agent_id = read
    try:
        with unit_of_work(RESIDENT) as uow:
            kept = keep_before_log_in(uow, agent_id, typed)
    except AlreadySent:
        return url_for("intake.registered", reference=typed.key)
    return url_for("intake.new", brouillon=kept.id)
