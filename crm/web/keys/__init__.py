"""« Clés des partenaires »: made and shown once, what each may do, when it last served, and the end of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number
from crm.staff import (
    PER_DAY,
    PER_MINUTE,
    KeyScope,
    create_api_key,
    keys_held,
    one_key,
    organizations_named,
    revoke_api_key,
)

bp = Blueprint("keys", __name__, url_prefix="/console/cles")
_USUAL = {"name": "", "organization_id": "", "scopes": ["read", "create"]}


@bp.get("")
@needs(Permission.KEY_CREATE)
def show() -> str:
    return _page()


@bp.post("")
@needs(Permission.KEY_CREATE)
def add() -> ResponseReturnValue:
    """The key is shown on the page that answers, and never again."""
    try:
        with unit_of_work() as uow:
            key = create_api_key(
                uow,
                request.form.get("name", ""),
                whole_number(request.form.get("organization_id")),
                scopes=request.form.getlist("scopes"),
                per_minute=_quota("per_minute"),
                per_day=_quota("per_day"),
            )
    except Invalid as refusal:
        return _page(reasons(refusal)), 422
    return _page(key=key), 201


def _quota(name: str) -> int:
    """Raises Invalid: no whole number of requests."""
    quota = whole_number(request.form.get(name)) or 0
    if not 0 < quota < 10**7:
        raise Invalid({name: "not_a_number"})
    return quota


@bp.get("/<int:key_id>/fin")
@needs(Permission.KEY_CREATE)
def ask_before_revoking(key_id: int) -> str:
    with reading() as session:
        key = one_key(session, current_user.actor, key_id)
    return render_template("web/keys/revoke.html", key=key, scope_words=_scope_words())


@bp.post("/<int:key_id>/fin")
@needs(Permission.KEY_CREATE)
def revoke(key_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        revoke_api_key(uow, key_id)
    flash(_("Clé retirée : elle n’ouvre plus rien."), "ok")
    return redirect(url_for("keys.show"), 303)


def _page(wrong: dict[str, str] | None = None, key: str = "") -> str:
    with reading() as session:
        held = keys_held(session, current_user.actor)
        organizations = organizations_named(session)
    return render_template(
        "web/keys/list.html",
        lines=held,
        made=key,
        wrong=wrong or {},
        filled=_filled() if wrong else {**_USUAL, "per_minute": PER_MINUTE, "per_day": PER_DAY},
        organizations=organizations,
        scope_words=_scope_words(),
    )


def _scope_words() -> dict[str, str]:
    return {
        KeyScope.READ: _("Lire les demandes publiques"),
        KeyScope.CREATE: _("Créer des demandes"),
        KeyScope.UPDATE: _("Dire ce que deviennent les demandes de ses services"),
    }


def _filled() -> dict[str, Any]:
    """What stands in the form."""
    typed = {
        name: request.form.get(name, "") for name in ("name", "organization_id", "per_minute", "per_day")
    }
    return {**typed, "scopes": request.form.getlist("scopes")}
