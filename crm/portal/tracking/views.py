"""Find one's demand, read it, answer, contest. A GET shows; only a POST acts: mail scanners open links."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from crm.cases import (
    Mistyped,
    add_precision,
    contest_case,
    follower_by_token,
    parse_reference,
    remind_centre,
    write_to_centre,
)
from crm.foundation import RESIDENT, CrmError, IllegalStep, Invalid, NotFound, clean
from crm.http import gettext as _
from crm.http import limiter, public, reading, reason, unit_of_work, visitor, wiring
from crm.portal.tracking.page import NOT_INDEXED, case_at, page
from crm.portal.tracking.proof import token_for

bp = Blueprint("tracking", __name__)
_TRIES = "5 per 15 minutes"
_DONE = ("precision", "rouverte", "terminee", "message", "relance", "reponse", "lien")


def _typed_reference() -> str:
    """Counts tries on one demand, wherever they come from; the reference itself is not kept in Redis."""
    try:
        typed = parse_reference(request.form.get("reference", ""))
    except Mistyped:
        typed = ""
    return sha256(typed.encode()).hexdigest()[:24]


def _was_wrong(_response: object) -> bool:
    return bool(g.get("wrong_pair"))


@bp.get("/suivi")
@public
def ask() -> str:
    return _form()


@bp.post("/suivi")
@public
@limiter.limit("60 per 15 minutes")
@limiter.limit(_TRIES, key_func=visitor, deduct_when=_was_wrong)
@limiter.limit(_TRIES, key_func=_typed_reference, deduct_when=_was_wrong)
def find() -> ResponseReturnValue:
    given = clean(request.form.get("proof", ""))
    try:
        reference = parse_reference(request.form.get("reference", ""))
    except Mistyped as mistyped:
        return _form({"reference": _mistyped(mistyped)}), 422
    if not given:
        return _form({"proof": reason("required")}), 422
    with reading() as session:
        token = token_for(session, reference, given)
    if token is None:
        g.wrong_pair = True
        return _form({"reference": _wrong_pair()}), 422
    return redirect(url_for(".show", token=token), 303)


@bp.get("/suivi/<token:token>")
@public
def show(token: str) -> ResponseReturnValue:
    """The link of a message: of whoever made the demand, else of whoever follows it."""
    done = request.args.get("fait", "")
    try:
        case = case_at(token)
    except NotFound:
        with reading() as session:
            follower_by_token(session, token)
        return redirect(url_for(".followed", token=token))
    return page(case, done=done if done in _DONE else ""), NOT_INDEXED


@bp.post("/suivi/<token:token>/precision")
@public
@limiter.limit("60 per hour")
def precise(token: str) -> ResponseReturnValue:
    case = case_at(token)
    text = clean(request.form.get("text", ""))
    if not text:
        error = _("Écrivez votre précision.")
        return page(case, errors={"text": error}), 422, NOT_INDEXED
    try:
        with unit_of_work(RESIDENT) as uow:
            add_precision(uow, case.reference, text)
    except IllegalStep:  # it ended while the person was writing
        return page(case_at(token), done="terminee", text=text), 409, NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="precision"), 303)


@bp.post("/suivi/<token:token>/pas-fait")
@public
@limiter.limit("60 per hour")
def contest(token: str) -> ResponseReturnValue:
    """« Ce n’est pas fait »: one click; sent twice, it opens the demand once."""
    case = case_at(token)
    with unit_of_work(RESIDENT) as uow:
        contest_case(uow, wiring().rulebooks.current(), case.reference, request.form.get("text", ""))
    return redirect(url_for(".show", token=token, fait="rouverte"), 303)


@bp.post("/suivi/<token:token>/message")
@public
@limiter.limit("60 per hour")
def write(token: str) -> ResponseReturnValue:
    """To the centre; whatever is refused is given back on the page."""
    case = case_at(token)
    typed, key = request.form.get("message", ""), request.form.get("key", "")[:64]
    try:
        with unit_of_work(RESIDENT) as uow:
            if case.state == "waiting_requester":  # we had asked: this is the answer
                add_precision(uow, case.reference, typed)
            else:
                write_to_centre(uow, case.reference, typed, key=key or token_urlsafe(18))
    except Invalid as refusal:
        code = refusal.fields.get("text", "")
        error = _("Écrivez votre message.") if code == "required" else reason(code)
        return page(case, errors={"message": error}, message=clean(typed)), 422, NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="message", _anchor="echanges"), 303)


@bp.post("/suivi/<token:token>/relance")
@public
@limiter.limit("60 per hour")
def remind(token: str) -> ResponseReturnValue:
    """« Où en est ma demande ? »; too soon, or twice, the page says where it stands."""
    case = case_at(token)
    try:
        with unit_of_work(RESIDENT) as uow:
            remind_centre(uow, wiring().rulebooks.current(), case.reference)
    except (Invalid, IllegalStep):
        return redirect(url_for(".show", token=token, _anchor="relance"), 303)
    return redirect(url_for(".show", token=token, fait="relance", _anchor="relance"), 303)


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> ResponseReturnValue:
    token = (request.view_args or {}).get("token")
    if token is None:
        return _form(throttled=True), 429
    told = _("Trop d’envois depuis votre connexion. Votre texte est gardé : réessayez dans une heure.")
    text, message = (clean(request.form.get(name, "")) for name in ("text", "message"))
    box = "text" if text else "message"
    return page(case_at(token), errors={box: told}, text=text, message=message), 429, NOT_INDEXED


def _form(errors: dict[str, str] | None = None, *, throttled: bool = False) -> str:
    return render_template(
        "portal/tracking/find.html",
        here="track",
        errors=errors or {},
        throttled=throttled,
        reference=clean(request.form.get("reference", ""))[:40],
    )


def _mistyped(mistyped: CrmError) -> str:
    if mistyped.details.get("reason") == "check_digits":
        return _(
            "Vérifiez les deux derniers chiffres de la référence, puis les autres : l’un d’eux est faux."
        )
    return _("Vérifiez la référence : elle compte douze chiffres, comme 2026 · 00 42 17 · 57.")


def _wrong_pair() -> str:
    return _("Nous ne trouvons pas de demande avec ces deux indications. Vérifiez-les, ou appelez-nous.")
