"""The draft of an answer: kept at each pause, taken over by a colleague, thrown away."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.foundation import CrmError
from crm.http import gettext as _
from crm.http import needs, unit_of_work, whole_number
from crm.http.dates import hour
from crm.http.errors import wants_json
from crm.notifications import drop_draft, save_draft, take_over_draft
from crm.web.answers.blueprint import bp

_NOT_WORDS = frozenset({"csrf_token", "seen_version", "seen_fact", "recipient"})


def words_in(form: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name not in _NOT_WORDS}


def keep_words(reference: str, typed: dict[str, str]) -> None:
    """After a refusal: what was typed is on the server too, whatever becomes of the page."""
    try:
        with unit_of_work() as uow:
            save_draft(uow, reference, words_in(typed))
    except CrmError:
        return  # the page itself still holds the text


@bp.post("/<reference:reference>/reponse/brouillon")
@needs(Permission.CASE_VIEW)
def keep(reference: str) -> ResponseReturnValue:
    """At each pause by script, or by the button."""
    with unit_of_work() as uow:
        saved = save_draft(uow, reference, words_in(request.form.to_dict()))
    said = _("Brouillon enregistré à %(hour)s.", hour=hour(saved.at))
    if saved.taken_by:
        said = f"{said} {_('%(name)s a repris votre brouillon.', name=saved.taken_by)}"
    if wants_json():
        return {"said": said}
    flash(said, "ok")
    return redirect(url_for("answers.write", reference=reference), 303)


@bp.post("/<reference:reference>/reponse/brouillon/reprise")
@needs(Permission.CASE_VIEW)
def take_over(reference: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        take_over_draft(uow, reference, whole_number(request.form.get("agent")) or 0)
    return redirect(url_for("answers.write", reference=reference), 303)


@bp.post("/<reference:reference>/reponse/brouillon/abandon")
@needs(Permission.CASE_VIEW)
def throw_away(reference: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        drop_draft(uow, reference)
    return redirect(url_for("answers.write", reference=reference), 303)
