"""The pages of a report, one address for all but the sending."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from crm.attachments import staged_thumbnail
from crm.cases import Opened, case_by_token
from crm.foundation import RESIDENT, Invalid
from crm.http import Taken, limiter, public, reading, reasons, take_files, takes_files, typo, wiring
from crm.http import gettext as _
from crm.http.downloads import small_picture
from crm.http.uploads import FILES
from crm.notifications import is_away, no_receipt_for
from crm.portal.dangers import alerts
from crm.portal.report.checks import STEPS, Errors, Known, check, steps_of
from crm.portal.report.draft import Draft, new_draft, read_draft
from crm.portal.report.known import known_nearby, known_page
from crm.portal.report.picking import PICK, picked
from crm.portal.report.screens import BOXES, carried, screen, ways
from crm.portal.report.sending import send
from crm.portal.report.stopping import said_instead, stop_page
from crm.portal.words import category_name
from crm.territory import communes

bp = Blueprint("report", __name__)


@bp.get("/signaler")
@public
def start() -> ResponseReturnValue:
    return page("what", new_draft())


@bp.post("/signaler")
@public
@takes_files
@limiter.limit("240 per minute")
@limiter.limit("90 per hour", exempt_when=lambda: not request.files.get(FILES))
def go_on() -> ResponseReturnValue:
    """From one page to the next, or back to any: the whole draft travels with each."""
    draft = read_draft(request.form)
    left, wanted = request.form.get("step", ""), request.form.get("go", "")
    if left == "photos":
        taken = take_files(acting=RESIDENT)
        draft = replace(draft, files=taken.tokens)
        if taken.refusals:
            return page("photos", draft, _not_joined(taken), refusals=taken.refusals)
    if wanted in STEPS:
        return page(wanted, draft)
    if PICK in {wanted, left}:
        return _pick(draft)
    if left not in STEPS:
        return page("what", draft)
    if left == "about" and request.form.get("look", "") != request.form.get("looked", ""):
        return page("about", draft)  # Enter was pressed in the box of other words
    if errors := check(left, draft, checked_against()):
        return page(left, draft, errors)
    return _after(left, draft)


@bp.post("/signaler/envoi")
@public
@limiter.limit("120 per minute; 600 per hour")
def finish() -> ResponseReturnValue:
    draft = read_draft(request.form)
    if draft.trap:
        return page("review", draft, {"website": _("Videz cette case : elle doit rester vide.")})
    known = checked_against()
    for step in steps_of(draft, known.catalogue):
        if errors := check(step, draft, known):
            return page(step, draft, errors)
    try:
        done = send(draft)
    except Invalid as refusal:
        return _refused(draft, refusal)
    changed = 1 if _says_something_else(done, draft) else None
    return redirect(url_for("report.sent", token=done.public_token, deja=changed), 303)


@bp.get("/signaler/photos/<token:file>")
@public
def staged_photo(file: str) -> Response:
    """The thumbnail of a photo joined to a form that is not sent yet; whoever joined it has its token."""
    with reading() as session:
        return small_picture(staged_thumbnail(session, file))


@bp.get("/signaler/recue/<token:token>")
@public
def sent(token: str) -> ResponseReturnValue:
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        case = case_by_token(session, token)
        no_receipt = no_receipt_for(session, case, wiring().clock.now())
    unit = wiring().rulebooks.units().get(case.unit_id) if case.unit_id is not None else None
    shown = render_template(
        "portal/report/sent.html",
        here="report",
        case=case,
        category=category_name(catalogue, case.category_code),
        unit=unit,
        advice=_advice(case.routing),
        alerts=alerts(catalogue, case.object),
        known_before="deja" in request.args,
        by_agent=case.agent_id is not None,
        no_receipt=no_receipt,
        is_delayed=is_away(wiring().redis, case.answer_channel),
        link=wiring().settings.centre.site_url.rstrip("/") + url_for("tracking.show", token=token),
    )
    return shown, {"X-Robots-Tag": "noindex"}


@bp.errorhandler(OperationalError)
def database_down(_error: OperationalError) -> ResponseReturnValue:
    return _held(
        _("Votre demande n’est pas encore envoyée"),
        _("Un de nos services ne répond pas. Votre texte est gardé sur cette page : réessayez."),
    ), 503


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> ResponseReturnValue:
    return _held(
        _("Trop d’envois depuis votre connexion"),
        _("Votre texte est gardé sur cette page. Réessayez dans quelques minutes, ou appelez-nous."),
    ), 429


def _after(left: str, draft: Draft) -> ResponseReturnValue:
    """The next page; the place is asked again as long as it may be several."""
    if left == "where":
        with reading() as session:
            shown = screen("where", session, draft)
        if shown["proposed"]:
            return page("where", draft)
        advice = said_instead(draft, wiring().rulebooks.categories()[0])
        if advice and "despite" not in request.form:
            return stop_page(draft, advice)
        if "apart" not in request.form and (near := known_nearby(draft)):
            return known_page(draft, near)
    steps = steps_of(draft, wiring().rulebooks.categories()[0])
    later = [step for step in steps if STEPS.index(step) > STEPS.index(left)]
    return page(later[0] if later else "review", draft)


def _pick(draft: Draft) -> ResponseReturnValue:
    """The lists of communes and streets; the street chosen is an address like one that was typed."""
    if request.form.get("other_commune"):
        return page(PICK, replace(draft, insee=""))
    if not request.form.get("pick"):
        return page(PICK, draft)
    with reading() as session:
        found = picked(session, draft, request.form)
    return page("where", found) if isinstance(found, Draft) else page(PICK, draft, found)


def _not_joined(taken: Taken) -> Errors:
    if len(taken.refusals) == 1:
        return {FILES: taken.refusals[0]}
    return {FILES: _("%(num)d fichiers n’ont pas été joints.", num=len(taken.refusals))}


def page(
    step: str, draft: Draft, errors: Errors | None = None, refusals: list[str] | None = None
) -> ResponseReturnValue:
    steps = steps_of(draft, wiring().rulebooks.categories()[0])
    with reading() as session:
        shown = screen(step, session, draft)
    form = render_template(
        f"portal/report/{step}.html",
        here="report",
        step=step,
        number=_number(step, steps),
        count=len(steps),
        back=_before(step, steps),
        draft=draft,
        carried=carried(step, draft),
        errors=errors or {},
        refusals=refusals or [],
        **shown,
    )
    # The browser keeps the page for « back »; nobody else does.
    return form, 422 if errors else 200, {"Cache-Control": "private, no-cache"}


def _number(step: str, steps: tuple[str, ...]) -> int:
    at = "where" if step == PICK else step
    return steps.index(at) + 1 if at in steps else 1


def _before(step: str, steps: tuple[str, ...]) -> str:
    if step == PICK:
        return "where"
    at = steps.index(step) if step in steps else 0
    return steps[at - 1] if at > 0 else ""


def _held(heading: str, explanation: str) -> str:
    """A page that keeps the whole draft and can send it again; it needs no server but this one."""
    draft = read_draft(request.form)
    return render_template(
        "portal/report/held.html",
        here="report",
        heading=heading,
        explanation=explanation,
        action=request.path,
        step=request.form.get("step", "what"),
        carried=draft.texts(),
        draft=draft,
    )


def _refused(draft: Draft, refusal: Invalid) -> ResponseReturnValue:
    """The action saw what our own checks did not: back to the page of the first wrong box."""
    names = {"answer_channel": "way"}
    errors = reasons(refusal, names)
    step = next((step for step, boxes in BOXES.items() if set(boxes) & errors.keys()), "where")
    known = {name: words for name, words in errors.items() if name in BOXES[step]}
    return page(step, draft, known or {f"q_{name}": words for name, words in errors.items()})


def _says_something_else(done: Opened, draft: Draft) -> bool:
    """Known already, and changed since: the change is not in the case, and is not lost in silence."""
    if done.assessment is not None:
        return False
    with reading() as session:
        return case_by_token(session, done.public_token).object != draft.object


def checked_against() -> Known:
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        names = frozenset(line.insee for line in communes(session))
    return Known(catalogue, names, ways())


def _advice(routing: dict[str, object]) -> str:
    return typo(str(routing.get("advice") or ""))
