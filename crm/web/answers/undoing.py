"""Fifteen seconds to take back a message: it never leaves, and its words are a draft again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.foundation import Conflict
from crm.http import gettext as _
from crm.http import needs, unit_of_work, whole_number
from crm.notifications import take_back
from crm.web.answers.blueprint import bp
from crm.web.held import forget_held


@bp.post("/<reference:reference>/message-repris")
@needs(Permission.CASE_VIEW)
def undo(reference: str) -> ResponseReturnValue:
    """Back to the text, where it was written."""
    try:
        with unit_of_work() as uow:
            verb = take_back(uow, reference, whole_number(request.form.get("message")) or 0)
    except Conflict as refusal:
        forget_held()
        flash(_too_late(str(refusal.details.get("why"))), "warn")
        return redirect(url_for("cases.show", reference=reference), 303)
    forget_held()
    flash(_("Message repris : rien n’est parti. Votre texte est un brouillon."), "ok")
    if verb == "ask":
        return redirect(url_for("cases.show", reference=reference, brouillon=1), 303)
    return redirect(url_for("answers.write", reference=reference), 303)


def _too_late(why: str) -> str:
    if why == "moved_on":
        return _("La demande a changé depuis : le message n’a pas été repris.")
    return _("Trop tard : le message est parti.")
