"""Whoever must have a second factor and has none makes one before anything else opens."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT, Invalid
from crm.http import limiter, public, reasons, unit_of_work, wiring
from crm.http.agents import sign_in
from crm.staff import LoggedIn
from crm.staff.factors import (
    Halfway,
    OfferedApplication,
    add_application,
    add_key,
    enrolled,
    offer_application,
    offer_key,
    offered_again,
)
from crm.web.entrance.halfway import (
    expected,
    from_the_password,
    key_site,
    seal,
    site_elsewhere,
    site_here,
    way_back,
)
from crm.web.entrance.square import square
from crm.web.entrance.views import PER_VISITOR, bp, inside


@bp.get("/login/protection")
@public
@from_the_password
def enrol() -> ResponseReturnValue:
    return _page(_offered(expected("enrol")))


@bp.post("/login/protection/application")
@public
@limiter.limit(PER_VISITOR)
@from_the_password
def enrol_application() -> ResponseReturnValue:
    who, sealed = expected("enrol"), request.form.get("sealed", "")
    try:
        with unit_of_work(RESIDENT) as uow:
            codes = add_application(uow, seal(), sealed, request.form.get("code", ""), halfway=who)
            let_in = enrolled(uow, who)
    except Invalid as refusal:
        with unit_of_work(RESIDENT) as uow:
            offered = offered_again(uow, seal(), _issuer(), sealed, halfway=who)
        return _page(offered, refusal), 422
    return _welcome(let_in, codes)


@bp.post("/login/protection/cle/defi")
@public
@limiter.limit(PER_VISITOR)
@from_the_password
def enrol_ask_key() -> ResponseReturnValue:
    who, site = expected("enrol"), key_site()
    with unit_of_work(RESIDENT) as uow:
        asked = offer_key(uow, site, halfway=who)
    return asked, 200, {"Content-Type": "application/json"}


@bp.post("/login/protection/cle")
@public
@limiter.limit(PER_VISITOR)
@from_the_password
def enrol_key() -> ResponseReturnValue:
    who, site, form = expected("enrol"), key_site(), request.form
    with unit_of_work(RESIDENT) as uow:
        codes = add_key(uow, site, form.get("name", ""), form.get("credential", ""), halfway=who)
        let_in = enrolled(uow, who) if codes is not None else None
    if codes is None or let_in is None:
        return _page(_offered(who), Invalid({"name": "key_refused"})), 422
    return _welcome(let_in, codes)


def _welcome(let_in: LoggedIn, codes: list[str]) -> ResponseReturnValue:
    """Let in at last; the recovery codes are on this page and nowhere else."""
    back = inside(way_back())
    sign_in(let_in.agent_id, let_in.session_epoch)
    return render_template("web/entrance/codes.html", codes=codes, next=back)


def _offered(who: Halfway) -> OfferedApplication:
    with unit_of_work(RESIDENT) as uow:
        return offer_application(uow, seal(), _issuer(), halfway=who)


def _page(offered: OfferedApplication, refusal: Invalid | None = None) -> str:
    return render_template(
        "web/entrance/enrol.html",
        offered=offered,
        square=square(offered.address),
        wrong=reasons(refusal) if refusal else {},
        by_key=site_here() is not None,
        elsewhere=site_elsewhere(),
        typed=request.form,
    )


def _issuer() -> str:
    return wiring().settings.centre.name
