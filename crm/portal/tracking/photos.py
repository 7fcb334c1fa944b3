"""The photos of a demand, for whoever made it: those they gave, those they were shown; and more to give."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.attachments import Giving, attach_files, file_of_case, files_of_case
from crm.cases import CaseSheet, add_precision
from crm.foundation import RESIDENT, IllegalStep, Invalid, clean
from crm.http import Taken, limiter, public, reading, reason, take_files, takes_files, unit_of_work, wiring
from crm.http import gettext as _
from crm.http.downloads import file_response, thumbnail_response
from crm.portal.tracking.page import NOT_INDEXED, case_at
from crm.portal.tracking.views import bp


@bp.get("/suivi/<token:token>/photos")
@public
def photos(token: str) -> ResponseReturnValue:
    return _page(case_at(token), Taken()), NOT_INDEXED


@bp.post("/suivi/<token:token>/photos")
@public
@takes_files
@limiter.limit("60 per hour")
def add_photos(token: str) -> ResponseReturnValue:
    """With a word or without: either way it is a precision, and wakes a demand that waited for one."""
    case = case_at(token)
    text = clean(request.form.get("text", ""))
    if case.closed_at is not None:
        return _page(case, Taken(), text=text), 409, NOT_INDEXED
    taken = take_files(case, acting=RESIDENT)
    nothing = [] if taken.tokens or taken.refusals else [_("Choisissez au moins une photo.")]
    if taken.refusals or nothing:
        return _page(case, taken, text=text, refusals=taken.refusals or nothing), 422, NOT_INDEXED
    try:
        with unit_of_work(RESIDENT) as uow:
            held = add_precision(uow, case.reference, text or _("Photo jointe, sans message."))
            attach_files(uow, held, held.id, taken.tokens, Giving(from_usager=True))
    except Invalid as refusal:
        told = [reason(code) for code in refusal.fields.values()]
        return _page(case, taken, text=text, refusals=told), 422, NOT_INDEXED
    except IllegalStep:  # it ended while the person was choosing
        return _page(case_at(token), taken, text=text), 409, NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="precision"), 303)


@bp.get("/suivi/<token:token>/fichiers/<token:file>")
@public
def file(token: str, file: str) -> Response:
    case = case_at(token)
    with reading() as session:
        return file_response(session, file_of_case(session, case.id, file, public_only=True))


@bp.get("/suivi/<token:token>/fichiers/<token:file>/apercu")
@public
def thumbnail(token: str, file: str) -> Response:
    case = case_at(token)
    with reading() as session:
        return thumbnail_response(session, file_of_case(session, case.id, file, public_only=True))


def _page(case: CaseSheet, taken: Taken, *, text: str = "", refusals: list[str] | None = None) -> str:
    with reading() as session:
        files = files_of_case(session, case.id, public_only=True)
    return render_template(
        "portal/tracking/photos.html",
        here="track",
        case=case,
        files=files,
        staged=taken.shown(),
        refusals=refusals or [],
        text=text,
        limits=wiring().settings.files,
        now=wiring().clock.now(),
    )
