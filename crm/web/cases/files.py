"""The files of a case: seen by whoever sees the case, added by whoever may write a note on it."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.attachments import Evidence, Giving, attach_files, file_of_case
from crm.cases import CaseSheet, note_on_case, one_case, withdraw_case_file
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reason, take_files, takes_files, unit_of_work
from crm.http.downloads import file_response, thumbnail_response
from crm.web.cases.blueprint import bp
from crm.web.cases.views import page


@bp.post("/<reference:reference>/fichiers")
@needs(Permission.CASE_NOTE)
@takes_files
def add_files(reference: str) -> ResponseReturnValue:
    """Files with a word, or without. What is refused leaves the others where they are."""
    case = case_to_fill(reference, Permission.CASE_NOTE)
    taken, note = take_files(case), request.form.get("text", "").strip()
    nothing = [] if taken.tokens or taken.refusals else [_("Choisissez au moins un fichier.")]
    refusals = taken.refusals or nothing
    if not refusals:
        try:
            with unit_of_work() as uow:
                attach_files(uow, case, case.id, taken.tokens, _giving())
                if note:
                    note_on_case(uow, reference, note)
        except Invalid as refusal:
            refusals = [reason(code) for code in refusal.fields.values()]
    if refusals:
        told = {"staged": taken.shown(), "refusals": refusals}
        return page(reference, act="files", typed=request.form, **told), 422
    flash(ngettext("Fichier ajouté.", "%(num)d fichiers ajoutés.", len(taken.tokens)), "ok")
    return redirect(url_for("cases.show", reference=reference, _anchor="fichiers"), 303)


@bp.get("/<reference:reference>/fichiers/<token:file>")
@needs(Permission.CASE_VIEW)
def file(reference: str, file: str) -> Response:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        return file_response(session, file_of_case(session, case.id, file))


@bp.get("/<reference:reference>/fichiers/<token:file>/apercu")
@needs(Permission.CASE_VIEW)
def thumbnail(reference: str, file: str) -> Response:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        return thumbnail_response(session, file_of_case(session, case.id, file))


@bp.post("/<reference:reference>/fichiers/<token:file>/retrait")
@needs(Permission.CASE_NOTE)
def withdraw(reference: str, file: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            withdraw_case_file(uow, reference, file, request.form.get("withdrawal", ""))
    except Invalid as refusal:
        wrong = {"withdrawal": reason(refusal.fields["withdrawal"])}
        return page(reference, act="withdraw", typed={"file": file}, wrong=wrong), 422
    flash(_("Fichier retiré. Le motif est dans l’historique."), "ok")
    return redirect(url_for("cases.show", reference=reference, _anchor="fichiers"), 303)


def case_to_fill(reference: str, right: Permission) -> CaseSheet:
    """Asked before any file is opened. Raises NotFound or NotAllowed."""
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    require(current_user.actor, right, case)
    return case


def _giving() -> Giving:
    told = request.form.get("evidence", "")
    return Giving(
        from_usager=False,
        is_public="is_public" in request.form,
        evidence=Evidence(told) if told in set(Evidence) else Evidence.NONE,
    )
