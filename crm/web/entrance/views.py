"""Log in, log out, and where each role begins its day."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import generate_csrf

from crm.access import Permission
from crm.foundation import RESIDENT, clean, fold
from crm.http import actor, limiter, needs, public, unit_of_work, wiring
from crm.http import gettext as _
from crm.http.agents import sign_in
from crm.http.consoles import consoles
from crm.http.errors import wants_json
from crm.http.identity import has_provider
from crm.staff import LoggedIn, authenticate, end_sessions
from crm.web.entrance.again import finished_here
from crm.web.entrance.halfway import bound_now, stop_halfway

bp = Blueprint("entrance", __name__)
_WORK_LISTS = frozenset({"team_lead", "field_agent"})
PER_VISITOR, PER_ACCOUNT = "30 per minute; 200 per hour", "20 per 15 minutes"


def _account() -> str:
    """Counts tries by account, whatever the address they come from; never the address itself in Redis."""
    return sha256(fold(clean(request.form.get("email", ""))).encode()).hexdigest()[:24]


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    if wants_json():
        return _token()
    if current_user.is_authenticated:
        return redirect(url_for("entrance.home"))
    return login_page()


@bp.post("/login")
@public
@limiter.limit(PER_VISITOR)
@limiter.shared_limit(PER_ACCOUNT, scope="account", key_func=_account)
def log_in() -> ResponseReturnValue:
    email = request.form.get("email", "").strip()
    with unit_of_work(RESIDENT) as uow:  # whoever was logged in here until now
        let_in = authenticate(uow, email, request.form.get("password", ""), bound_now())
    if let_in is None:
        refused = _("Adresse ou mot de passe incorrect. Après dix essais, le compte attend 15 minutes.")
        return ({"title": refused} if wants_json() else login_page(refused)), 401
    if wants_json():
        return finished_here(let_in) or _entered(let_in)
    if let_in.due:
        return go_on_halfway(let_in, _account(), request.form.get("next", ""))
    sign_in(let_in.agent_id, let_in.session_epoch)
    return redirect(inside(request.form.get("next", "")), 303)


def _entered(let_in: LoggedIn) -> dict[str, Any]:
    sign_in(let_in.agent_id, let_in.session_epoch)
    return _token()


def go_on_halfway(let_in: LoggedIn, account: str, back: str) -> ResponseReturnValue:
    """Something is still due: it is asked for on its own page, and nothing else opens meanwhile."""
    stop_halfway(let_in, account, back)
    step = "entrance.second" if let_in.due == "prove" else "entrance.enrol"
    return redirect(url_for(step), 303)


@bp.get("/console/session")
@needs(Permission.SELF_EDIT)
def alive() -> dict[str, Any]:
    """Asked before a form leaves its page: who is logged in, with a token that works."""
    return _token()


def _token() -> dict[str, Any]:
    """For the panel that logs in again without leaving the page."""
    g.pop("csrf_token", None)  # the one made for the session before
    agent_id = current_user.actor.id if current_user.is_authenticated else None
    return {"csrf": generate_csrf(), "agent": agent_id}


@bp.post("/logout")
@needs(Permission.STYLE_VIEW)
def log_out() -> ResponseReturnValue:
    """Here and wherever the agent was logged in: what somebody copied of a cookie is worth nothing."""
    who = actor()
    logout_user()
    session.clear()
    with unit_of_work(who) as uow:
        end_sessions(uow)
    consoles().hang_up(who.id or 0)
    return redirect(url_for("entrance.login"), 303)


@bp.get("/console/")
@needs(Permission.STYLE_VIEW)
def home() -> ResponseReturnValue:
    """Each role lands on its work: a call to take, a list to work through, or the settings."""
    roles = current_user.actor.roles
    if "desk_agent" in roles and current_user.actor.places:
        return redirect(url_for("desk.show"))
    if roles & {"advisor", "desk_agent", "supervisor"}:
        return redirect(url_for("intake.new"))
    if roles <= {"field_agent"}:
        return redirect(url_for("field.show"))
    if roles & _WORK_LISTS:
        return redirect(url_for("queues.show", view="a-traiter"))
    return redirect(url_for("competence.admin_home"))


def login_page(error: str = "") -> str:
    return render_template(
        "web/entrance/login.html",
        email=request.form.get("email", ""),
        error=error,
        next=request.values.get("next", ""),
        provider=wiring().settings.identity_agents.label if has_provider("agents") else "",
    )


def inside(address: str) -> str:
    """Only to a page of ours: never where a link was told to lead."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and address.startswith("/console")
    return address if ours and "\\" not in address else url_for("entrance.home")
