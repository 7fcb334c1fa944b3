"""Into one's space by an identity provider, for whoever prefers it to a link."""

from __future__ import annotations

from email_validator import EmailNotValidError
from flask import make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from crm.contacts import normalise_email
from crm.foundation import RESIDENT, Unavailable
from crm.http import limiter, public, unit_of_work, wiring
from crm.http.identity import IdentityRefused, go_to_provider, vouched
from crm.portal.space.entering import let_in
from crm.portal.space.views import bp, door
from crm.space import enter_by_identity


@bp.get("/identite")
@public
@limiter.limit("30 per minute")
def go() -> ResponseReturnValue:
    site = wiring().settings.centre.site_url.rstrip("/")
    try:
        return go_to_provider("residents", f"{site}{url_for('space.come_back')}")
    except (IdentityRefused, Unavailable):
        return door(unvouched=True), 503


@bp.get("/identite/retour")
@public
@limiter.limit("30 per minute")
def come_back() -> ResponseReturnValue:
    """Only an address that the provider itself verified opens the space of that address."""
    try:
        told = vouched("residents")
        email = normalise_email(str(told.get("email", "")))
    except (IdentityRefused, Unavailable, EmailNotValidError):
        return door(unvouched=True), 401
    if not (told.get("email_verified") is True or wiring().settings.identity_residents.verifies_emails):
        return door(unvouched=True), 401
    with unit_of_work(RESIDENT) as uow:
        key = enter_by_identity(uow, email)
    return let_in(make_response(redirect(url_for("space.home"), 303)), key)
