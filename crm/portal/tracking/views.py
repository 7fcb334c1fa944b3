"""Find one's demand, read it, answer, contest. A GET shows; only a POST acts: mail scanners open links."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from crm.cases import CaseSheet, Mistyped, add_precision, case_by_token, contest_case, parse_reference
from crm.foundation import RESIDENT, CrmError, IllegalStep, clean
from crm.http import gettext as _
from crm.http import limiter, public, reading, reason, unit_of_work, visitor, wiring
from crm.portal.tracking.proof import token_for
from crm.portal.tracking.standing import standing
from crm.portal.tracking.story import story
from crm.portal.words import category_name, told_answers

bp = Blueprint("tracking", __name__)
_TRIES = "5 per 15 minutes"
_NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}
_DONE = ("precision", "rouverte", "terminee")


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
    done = request.args.get("fait", "")
    return _page(_case(token), done=done if done in _DONE else ""), _NOT_INDEXED


@bp.post("/suivi/<token:token>/precision")
@public
@limiter.limit("60 per hour")
def precise(token: str) -> ResponseReturnValue:
    case = _case(token)
    text = clean(request.form.get("text", ""))
    if not text:
        error = _("Écrivez votre précision.")
        return _page(case, errors={"text": error}), 422, _NOT_INDEXED
    try:
        with unit_of_work(RESIDENT) as uow:
            add_precision(uow, case.reference, text)
    except IllegalStep:  # it ended while the person was writing
        return _page(_case(token), done="terminee", text=text), 409, _NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="precision"), 303)


@bp.post("/suivi/<token:token>/pas-fait")
@public
@limiter.limit("60 per hour")
def contest(token: str) -> ResponseReturnValue:
    """« Ce n’est pas fait »: one click; sent twice, it opens the demand once."""
    case = _case(token)
    with unit_of_work(RESIDENT) as uow:
        contest_case(uow, wiring().rulebooks.current(), case.reference, request.form.get("text", ""))
    return redirect(url_for(".show", token=token, fait="rouverte"), 303)


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> ResponseReturnValue:
    return _form(throttled=True), 429


def _case(token: str) -> CaseSheet:
    with reading() as session:
        return case_by_token(session, token)


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


def _page(case: CaseSheet, *, errors: dict[str, str] | None = None, done: str = "", text: str = "") -> str:
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(case.category_code) if case.category_code else None
    with reading() as session:
        told = story(session, case)
    unit = wiring().rulebooks.units().get(case.unit_id) if case.unit_id is not None else None
    return render_template(
        "portal/tracking/show.html",
        here="track",
        case=case,
        title=category_name(catalogue, case.category_code) or _("Votre demande"),
        answers=told_answers(category, case.answers) if category else [],
        story=told,
        standing=standing(case, told, wiring().clock.now()),
        unit=unit,
        errors=errors or {},
        done=done,
        text=text,
    )
