"""The second step of a log-in: a code or a passkey."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT
from crm.http import gettext as _
from crm.http import limiter, ngettext, public, reading, unit_of_work
from crm.http.agents import sign_in
from crm.staff import LoggedIn
from crm.staff.factors import ask_for_key, factors_of, prove_by_code, prove_by_key
from crm.web.entrance.halfway import (
    account_expected,
    expected,
    from_the_password,
    key_site,
    seal,
    site_elsewhere,
    site_here,
    way_back,
)
from crm.web.entrance.views import PER_ACCOUNT, PER_VISITOR, bp, inside

_FEW_CODES = 3
_JSON = {"Content-Type": "application/json"}


@bp.get("/login/verification")
@public
@from_the_password
def second() -> ResponseReturnValue:
    return _page()


@bp.post("/login/verification")
@public
@limiter.limit(PER_VISITOR)
@limiter.shared_limit(PER_ACCOUNT, scope="account", key_func=account_expected)
@from_the_password
def give_code() -> ResponseReturnValue:
    who = expected("prove")
    with unit_of_work(RESIDENT) as uow:
        proved = prove_by_code(uow, seal(), who, request.form.get("code", ""))
    return _enter(proved, _("Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant."))


@bp.post("/login/verification/cle/defi")
@public
@limiter.limit(PER_VISITOR)
@from_the_password
def ask_key() -> ResponseReturnValue:
    """What the browser needs to ask its owner."""
    who, site = expected("prove"), key_site()
    with unit_of_work(RESIDENT) as uow:
        asked = ask_for_key(uow, site, who)
    return asked, 200, _JSON


@bp.post("/login/verification/cle")
@public
@limiter.limit(PER_VISITOR)
@limiter.shared_limit(PER_ACCOUNT, scope="account", key_func=account_expected)
@from_the_password
def give_key() -> ResponseReturnValue:
    who, site = expected("prove"), key_site()
    with unit_of_work(RESIDENT) as uow:
        proved = prove_by_key(uow, site, who, request.form.get("credential", ""))
    return _enter(proved, _("Cette clé n’a pas été reconnue. Recommencez, ou entrez un code."))


def _enter(proved: LoggedIn | None, refused: str) -> ResponseReturnValue:
    if proved is None:
        return _page(refused)
    back = inside(way_back())
    sign_in(proved.agent_id, proved.session_epoch)
    _warn_of_few_codes(proved.agent_id)
    return redirect(back, 303)


def _warn_of_few_codes(agent_id: int) -> None:
    """Without the telephone, nothing else opens."""
    with reading() as session:
        left = factors_of(session, agent_id).codes_left
    none = _("Il ne vous reste aucun code de secours : faites-en de nouveaux dans vos préférences.")
    few = ngettext(
        "Il vous reste un code de secours : faites-en d’autres dans vos préférences.",
        "Il vous reste %(num)d codes de secours : faites-en d’autres dans vos préférences.",
        left,
    )
    if left < _FEW_CODES:
        flash(few if left else none, "warn")


def _page(refused: str = "") -> ResponseReturnValue:
    who = expected("prove")
    with reading() as session:
        held = factors_of(session, who.agent_id)
    page = render_template(
        "web/entrance/second.html",
        refused=refused,
        by_key=bool(held.keys) and site_here() is not None,
        elsewhere=site_elsewhere() if held.keys else "",
        by_application=held.application_since is not None,
    )
    return page, 401 if refused else 200
