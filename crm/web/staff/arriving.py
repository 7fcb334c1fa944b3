"""Whoever was invited chooses a password. Looking at the page uses nothing up: scanners open links too."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT, Invalid, NotFound
from crm.http import gettext as _
from crm.http import limiter, public, reading, unit_of_work, wiring
from crm.staff import Invited, invitation_behind, join
from crm.web.staff.blueprint import bp
from crm.web.staff.saying import wrong_words


@bp.get("/invitation/<token>")
@public
@limiter.limit("30 per minute")
def arrive(token: str) -> ResponseReturnValue:
    invited = _behind(token)
    return _page(invited) if invited else (_page(None), 410)


@bp.post("/invitation/<token>")
@public
@limiter.limit("20 per minute")
def choose_password(token: str) -> ResponseReturnValue:
    invited = _behind(token)
    if invited is None:
        return _page(None), 410
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _page(
            invited, {"again": _("Les deux mots de passe diffèrent : écrivez le même deux fois.")}
        ), 422
    try:
        with unit_of_work(RESIDENT) as uow:
            join(uow, invited.id, password)
    except Invalid as refusal:
        return _page(invited, wrong_words(refusal)), 422
    except NotFound:
        return _page(None), 410
    flash(_("Votre mot de passe est enregistré. Connectez-vous."), "ok")
    return redirect(url_for("entrance.login"), 303)


def _behind(token: str) -> Invited | None:
    secret = wiring().settings.secret_key.get_secret_value()
    with reading() as session:
        return invitation_behind(session, secret, token, wiring().clock.now())


def _page(invited: Invited | None, wrong: dict[str, str] | None = None) -> str:
    return render_template("web/staff/arriving.html", invited=invited, wrong=wrong or {})
