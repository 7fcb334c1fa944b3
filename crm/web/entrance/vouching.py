"""Log in by the agents' identity provider. The password stays: a provider that is away shuts nobody out."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT, Unavailable
from crm.http import gettext as _
from crm.http import limiter, public, unit_of_work, wiring
from crm.http.agents import sign_in
from crm.http.identity import IdentityRefused, go_to_provider, vouched
from crm.staff import Vouched, authenticate_vouched
from crm.web.entrance.halfway import bound_now
from crm.web.entrance.views import bp, go_on_halfway, login_page


@bp.get("/login/identite")
@public
@limiter.limit("30 per minute")
def go() -> ResponseReturnValue:
    try:
        return go_to_provider("agents", _back())
    except (IdentityRefused, Unavailable):
        return _away()


@bp.get("/login/identite/retour")
@public
@limiter.limit("30 per minute")
def come_back() -> ResponseReturnValue:
    """Their provider vouched for somebody: an account must be there already."""
    try:
        told = vouched("agents")
    except Unavailable:
        return _away()
    except IdentityRefused:
        refused = _("L’identification n’a pas abouti. Essayez encore, ou entrez un mot de passe.")
        return login_page(refused), 401
    with unit_of_work(RESIDENT) as uow:
        let_in = authenticate_vouched(
            uow,
            Vouched(
                issuer=wiring().settings.identity_agents.issuer,
                uid=str(told.get("uid") or told["sub"]),
                siret=str(told.get("siret", "")),
                email=str(told.get("email", "")),
            ),
            bound_now() if wiring().settings.second_factor.of_vouched_too else None,
        )
    if let_in is None:
        unknown = _("Aucun compte n’est ouvert à votre nom ici. Demandez-le à votre responsable.")
        return login_page(unknown), 401
    if let_in.due:
        return go_on_halfway(let_in, f"agent-{let_in.agent_id}", "")
    sign_in(let_in.agent_id, let_in.session_epoch)
    return redirect(url_for("entrance.home"), 303)


def _away() -> ResponseReturnValue:
    return login_page(_("Ce service ne répond pas. Entrez votre adresse et votre mot de passe.")), 503


def _back() -> str:
    return f"{wiring().settings.centre.site_url.rstrip('/')}{url_for('entrance.come_back')}"
