"""Letters by batch: chosen together, one PDF with its slip, marked as sent together."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Invalid, NotFound
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, whole_number, wiring
from crm.http.dates import moment
from crm.interactions import STATES
from crm.notifications import (
    batch_letters,
    letters_of_batch,
    mark_batch_sent,
    one_batch,
    print_batch,
    undo_batch,
)
from crm.web.explaining import references_of

bp = Blueprint("letters_out", __name__, url_prefix="/console/courriers/lots")


@bp.post("")
@needs(Permission.LETTER_PRINT)
def make() -> ResponseReturnValue:
    chosen = [number for number in map(whole_number, request.form.getlist("letter")) if number is not None]
    try:
        with unit_of_work() as uow:
            batch_id = batch_letters(uow, chosen, large_print=request.form.get("large_print") == "1")
    except Invalid:
        flash(_("Ces courriers ne sont plus à imprimer, ou sont déjà dans un lot."), "warn")
        return redirect(url_for("papers.letters"), 303)
    return redirect(url_for("letters_out.show", batch_id=batch_id), 303)


@bp.get("/<int:batch_id>")
@needs(Permission.LETTER_PRINT)
def show(batch_id: int) -> str:
    with reading() as session:
        batch = one_batch(session, current_user.actor, batch_id)
        letters = letters_of_batch(session, current_user.actor, batch_id)
        references = references_of(session, letters)
    return render_template(
        "web/letters_out/batch.html",
        batch=batch,
        letters=letters,
        references=references,
        states={one.id: _(STATES[one.state]) % {"date": moment(one.state_at)} for one in letters},
    )


@bp.get("/<int:batch_id>.pdf")
@needs(Permission.LETTER_PRINT)
def on_paper(batch_id: int) -> Response:
    """The same at each printing: a sheet that jammed is printed again."""
    with reading() as session:
        batch = one_batch(session, current_user.actor, batch_id)
        letters = letters_of_batch(session, current_user.actor, batch_id)
        centre = wiring().settings.centre
        printed = print_batch(
            session,
            centre,
            letters,
            number=batch.id,
            made_at=batch.made_at,
            large_print=batch.large_print,
        )
    response = Response(printed, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="courriers-lot-{batch_id}.pdf"'
    return response


@bp.post("/<int:batch_id>/envoyes")
@needs(Permission.LETTER_PRINT)
def sent(batch_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            left = mark_batch_sent(uow, batch_id)
    except NotFound:
        flash(_("Ce lot était déjà marqué comme envoyé, ou défait."), "warn")
    else:
        told = ngettext(
            "Un courrier marqué comme envoyé.", "%(num)d courriers marqués comme envoyés.", len(left)
        )
        flash(told, "ok")
    return redirect(url_for("papers.letters"), 303)


@bp.post("/<int:batch_id>/defaire")
@needs(Permission.LETTER_PRINT)
def undo(batch_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            undo_batch(uow, batch_id)
    except NotFound:
        flash(_("Ce lot était déjà marqué comme envoyé, ou défait."), "warn")
    else:
        flash(_("Lot défait : ses courriers sont de nouveau à imprimer."), "ok")
    return redirect(url_for("papers.letters"), 303)
