"""What rings: its words, the sentence to say aloud, the number to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import Working, write_danger
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work
from crm.web.catalogue.blueprint import DANGERS, bp
from crm.web.catalogue.category_form import danger_said
from crm.web.catalogue.editing import edits_seen
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.saying import Change, changes, field_words, why


@bp.get(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    return _page(one, one.content, one.edits)


@bp.post(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    said = danger_said(request.form, one.content)
    try:
        with unit_of_work() as uow:
            write_danger(uow, said, edits=edits_seen())
    except Invalid as refusal:
        wrong = {name: why(told) for name, told in refusal.fields.items()}
        return _page(one, said, edits_seen(), wrong=wrong, status=422)
    except Conflict:
        return _page(one, said, one.edits, theirs=changes(said, one.content), met=True, status=409)
    flash(_("Brouillon enregistré. Rien ne change pour personne tant qu’il n’est pas publié."), "ok")
    return redirect(url_for(".trial", thing="dangers", code=code), 303)


def _page(
    one: Working,
    given: Mapping[str, Any],
    edits: int,
    *,
    wrong: Mapping[str, str] | None = None,
    theirs: list[Change] | None = None,
    met: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        shown = {"given": given, "edits": edits, "wrong": wrong or {}, "theirs": theirs or [], "met": met}
        return framed(session, one, "danger", "danger", status, labels=field_words(), **shown)
