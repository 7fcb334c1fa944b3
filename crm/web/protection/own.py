"""One's own second factors: added, withdrawn, and the codes that replace them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import limiter, needs, reading, reasons, unit_of_work, wiring
from crm.staff.factors import (
    OfferedApplication,
    add_application,
    add_key,
    factors_of,
    offer_application,
    offer_key,
    offered_again,
    renew_recovery_codes,
    withdraw_application,
    withdraw_key,
)
from crm.web.entrance.halfway import bound_now, key_site, seal, site_elsewhere, site_here
from crm.web.entrance.square import square
from crm.web.protection.blueprint import bp

_TRIES = limiter.shared_limit(
    "20 per 15 minutes", scope="own-password", key_func=lambda: f"own-{current_user.get_id()}"
)


@bp.get("/preferences/protection")
@needs(Permission.SELF_EDIT)
def own() -> str:
    return _page()


@bp.post("/preferences/protection/application")
@needs(Permission.SELF_EDIT)
@_TRIES
def begin_application() -> ResponseReturnValue:
    """The password again, then the square."""
    try:
        with unit_of_work() as uow:
            offered = offer_application(uow, seal(), _issuer(), password=_password())
    except Invalid as refusal:
        return _page(refusal, "application"), 422
    return _square(offered)


@bp.post("/preferences/protection/application/code")
@needs(Permission.SELF_EDIT)
@_TRIES
def finish_application() -> ResponseReturnValue:
    sealed = request.form.get("sealed", "")
    try:
        with unit_of_work() as uow:
            codes = add_application(uow, seal(), sealed, request.form.get("code", ""))
    except Invalid as refusal:
        if "password" in refusal.fields:
            return _page(refusal, "application"), 422
        with unit_of_work() as uow:
            offered = offered_again(uow, seal(), _issuer(), sealed)
        return _square(offered, reasons(refusal)), 422
    return _added(codes, _("Application enregistrée."))


@bp.post("/preferences/protection/application/retirer")
@needs(Permission.SELF_EDIT)
@_TRIES
def drop_application() -> ResponseReturnValue:
    bound = bound_now()
    return _dropped("drop-application", lambda uow: withdraw_application(uow, _password(), bound))


@bp.post("/preferences/protection/cle/defi")
@needs(Permission.SELF_EDIT)
@_TRIES
def begin_key() -> ResponseReturnValue:
    """What the browser needs to make a key."""
    try:
        with unit_of_work() as uow:
            asked = offer_key(uow, key_site(), password=_password())
    except Invalid as refusal:
        return {"title": next(iter(reasons(refusal).values()))}, 422
    return asked, 200, {"Content-Type": "application/json"}


@bp.post("/preferences/protection/cle")
@needs(Permission.SELF_EDIT)
@_TRIES
def finish_key() -> ResponseReturnValue:
    form = request.form
    with unit_of_work() as uow:
        codes = add_key(uow, key_site(), form.get("name", ""), form.get("credential", ""))
    if codes is None:
        return _page(Invalid({"name": "key_refused"})), 422
    return _added(codes, _("Clé d’accès enregistrée."))


@bp.post("/preferences/protection/cle/<int:key_id>/retirer")
@needs(Permission.SELF_EDIT)
@_TRIES
def drop_key(key_id: int) -> ResponseReturnValue:
    bound = bound_now()
    return _dropped(f"drop-{key_id}", lambda uow: withdraw_key(uow, key_id, _password(), bound))


@bp.post("/preferences/protection/codes")
@needs(Permission.SELF_EDIT)
@_TRIES
def renew_codes() -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            codes = renew_recovery_codes(uow, _password())
    except Invalid as refusal:
        return _page(refusal, "codes"), 422
    return _added(codes, "")


def _dropped(form: str, do: Callable[[UnitOfWork], None]) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            do(uow)
    except Invalid as refusal:
        return _page(refusal, form), 422
    return _done(_("C’est retiré."))


def _added(codes: list[str], told: str) -> ResponseReturnValue:
    """The recovery codes are shown on this page and nowhere else."""
    return render_template("web/protection/codes.html", codes=codes, told=told) if codes else _done(told)


def _done(told: str) -> ResponseReturnValue:
    flash(told, "ok")
    return redirect(url_for(".own"), 303)


def _page(refusal: Invalid | None = None, form: str = "") -> str:
    """
    Args:
        form: beside which one of the passwords the refusal is said.
    """
    wrong = reasons(refusal) if refusal else {}
    with reading() as session:
        held = factors_of(session, current_user.card.id)
    return render_template(
        "web/protection/own.html",
        factors=held,
        must=bool(bound_now() & current_user.actor.roles),
        wrong={name: text for name, text in wrong.items() if not form or name != "password"},
        refused={form: wrong["password"]} if form and "password" in wrong else {},
        by_key=site_here() is not None,
        elsewhere=site_elsewhere(),
        typed=request.form,
    )


def _square(offered: OfferedApplication, wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "web/protection/application.html",
        offered=offered,
        square=square(offered.address),
        wrong=wrong or {},
        confirm_at=url_for(".finish_application"),
    )


def _password() -> str:
    return request.form.get("password", "")


def _issuer() -> str:
    return wiring().settings.centre.name
