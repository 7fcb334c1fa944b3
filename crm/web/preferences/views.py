"""One's own display, keys and password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import limiter, needs, reasons, unit_of_work
from crm.http.agents import sign_in
from crm.http.errors import wants_json
from crm.staff import USUAL, change_password, choose_density, choose_extension, choose_keys, switch_shortcuts
from crm.web.preferences.acts import key_lines, list_keys
from crm.web.preferences.blueprint import bp


@bp.get("/preferences")
@needs(Permission.SELF_EDIT)
def show() -> str:
    return _page()


def _page(wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    lines = key_lines()
    return render_template(
        "web/preferences/show.html",
        keys=lines,
        list_keys=list_keys(),
        typed=typed or {line.name: line.shown for line in lines},
        wrong=wrong or {},
        errors=[{"href": f"#{_anchor(name)}", "text": text} for name, text in (wrong or {}).items()],
        changed=bool(current_user.card.keys),
    )


def _anchor(name: str) -> str:
    return f"key-{name}" if name in USUAL else name


@bp.post("/preferences/affichage")
@needs(Permission.SELF_EDIT)
def density() -> ResponseReturnValue:
    with unit_of_work() as uow:
        choose_density(uow, request.form.get("density", ""))
    return _done(_("Affichage changé."))


@bp.post("/preferences/poste")
@needs(Permission.SELF_EDIT)
def extension() -> ResponseReturnValue:
    words = {
        "unknown": _("Des chiffres, ou l’identifiant donné par l’autocommutateur."),
        "taken": _("Un autre agent a ce poste."),
    }
    try:
        with unit_of_work() as uow:
            choose_extension(uow, request.form.get("extension", ""))
    except Invalid as refusal:
        return _page({name: words[code] for name, code in refusal.fields.items()}), 422
    return _done(_("Poste téléphonique enregistré."))


@bp.post("/preferences/raccourcis/actifs")
@needs(Permission.SELF_EDIT)
def switch() -> ResponseReturnValue:
    with unit_of_work() as uow:
        switch_shortcuts(uow, on=bool(request.form.get("on")))
    return _done(_("Raccourcis changés."))


@bp.post("/preferences/raccourcis")
@needs(Permission.SELF_EDIT)
def keys() -> ResponseReturnValue:
    """The keys as typed; « usual » gives them all back."""
    usual = "usual" in request.form
    typed = {name: request.form.get(f"key-{name}", "")[:40] for name in USUAL}
    try:
        with unit_of_work() as uow:
            choose_keys(uow, dict(USUAL) if usual else typed)
    except Invalid as refusal:
        return _page(reasons(refusal), typed), 422
    return _done(_("Raccourcis enregistrés."))


@bp.post("/preferences/mot-de-passe")
@needs(Permission.SELF_EDIT)
@limiter.limit("10 per 15 minutes", key_func=lambda: f"password-{current_user.get_id()}")
def password() -> ResponseReturnValue:
    """The sessions opened elsewhere end; this one goes on."""
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return _page({"again": _("Les deux mots de passe ne sont pas les mêmes.")}), 422
    try:
        with unit_of_work() as uow:
            let_in = change_password(uow, request.form.get("old_password", ""), new)
    except Invalid as refusal:
        return _page(reasons(refusal)), 422
    sign_in(let_in.agent_id, let_in.session_epoch)
    flash(_("Mot de passe changé. Vos sessions ouvertes ailleurs sont fermées."), "ok")
    return redirect(url_for("preferences.show"), 303)


def _done(told: str) -> ResponseReturnValue:
    if wants_json():
        return "", 204
    flash(told, "ok")
    return redirect(_back(request.form.get("next", "")), 303)


def _back(address: str) -> str:
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and address.startswith("/console") and "\\" not in address
    return address if ours else url_for("preferences.show")
