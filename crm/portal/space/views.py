"""Ask for a link, come in by it, read one's demands. A GET shows; only a POST acts."""

from __future__ import annotations

from hashlib import sha256

from email_validator import EmailNotValidError
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from crm.cases import own_demands
from crm.contacts import contacts_at, normalise_email
from crm.foundation import RESIDENT, NotFound, clean
from crm.http import language, limiter, public, reading, reason, unit_of_work, wiring
from crm.http.identity import has_provider
from crm.portal.space.entering import PATH, let_in, let_out, seal, sealed_visit, visit
from crm.portal.space.telling import demand_lines
from crm.space import LINK_MINUTES, Visit, ask_link, enter_by_link, leave_space, link_signed

bp = Blueprint("space", __name__, url_prefix=PATH)
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


def _address() -> str:
    """Counts tries on one mailbox, wherever they come from; Redis does not learn which."""
    return sha256(clean(request.form.get("email", "")).lower().encode()).hexdigest()[:24]


@bp.get("")
@public
def home() -> ResponseReturnValue:
    found = visit()
    return (_inside(found) if found else door()), NOT_INDEXED


@bp.post("/lien")
@public
@limiter.limit("10 per 15 minutes")
@limiter.limit("5 per 15 minutes", key_func=_address)
def ask() -> ResponseReturnValue:
    """Whoever is known, the answer is the same."""
    typed = clean(request.form.get("email", ""))[:320]
    try:
        email = normalise_email(typed)
    except EmailNotValidError:
        return door(error=reason("email") if typed else reason("required"), typed=typed), 422
    with unit_of_work(RESIDENT) as uow:
        ask_link(uow, email, language())
    return redirect(url_for(".asked"), 303)


@bp.get("/lien-envoye")
@public
def asked() -> str:
    return render_template("portal/space/asked.html", here="space", minutes=LINK_MINUTES)


@bp.get("/entrer/<token>")
@public
def arrive(token: str) -> ResponseReturnValue:
    """Opened by a mail scanner, it spends nothing: the button does."""
    if link_signed(_secret(), token) is None:
        raise NotFound()
    return render_template("portal/space/enter.html", here="space", token=token), NOT_INDEXED


@bp.post("/entrer/<token>")
@public
@limiter.limit("30 per hour")
def enter(token: str) -> ResponseReturnValue:
    link_id = link_signed(_secret(), token)
    if link_id is None:
        raise NotFound()
    try:
        with unit_of_work(RESIDENT) as uow:
            key = enter_by_link(uow, link_id)
    except NotFound:
        return door(over=True), 410
    return let_in(make_response(redirect(url_for(".home"), 303)), key)


@bp.post("/sortir")
@public
def leave() -> Response:
    found = sealed_visit()
    with unit_of_work(RESIDENT) as uow:
        leave_space(uow, found.id)
    return let_out(make_response(redirect("/", 303)))


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> ResponseReturnValue:
    return door(throttled=True), 429


def _inside(found: Visit) -> str:
    with reading() as session:
        ids = contacts_at(session, "email", found.email)
        demands = own_demands(session, ids)
    lines = demand_lines(demands)
    return render_template(
        "portal/space/home.html",
        here="space",
        email=found.email,
        open=[line for line in lines if not line.is_ended],
        ended=[line for line in lines if line.is_ended],
        seal=seal(),
    )


def door(
    *, error: str = "", typed: str = "", over: bool = False, throttled: bool = False, unvouched: bool = False
) -> str:
    return render_template(
        "portal/space/door.html",
        here="space",
        error=error,
        email=typed,
        over=over,
        throttled=throttled,
        unvouched=unvouched,
        provider=wiring().settings.identity_residents.label if has_provider("residents") else "",
    )


def _secret() -> str:
    return wiring().settings.secret_key.get_secret_value()
