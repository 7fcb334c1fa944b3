"""What a category is: its form, into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import FACTS, Working, catalogue, write_category
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number
from crm.http.dates import today
from crm.web.catalogue.blueprint import AT, bp
from crm.web.catalogue.category_form import category_said, choices
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.saying import Change, changes, field_words, why


@bp.get(f"{AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def category(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _page(one, one.content, one.edits)


@bp.post(f"{AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_category(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
        said = category_said(request.form, one.content, catalogue(session, today()))
    try:
        with unit_of_work() as uow:
            write_category(uow, said, edits=edits_seen(), held=FACTS)
    except Invalid as refusal:
        wrong = {name: why(told) for name, told in refusal.fields.items()}
        return _page(one, said, edits_seen(), wrong=wrong, status=422)
    except Conflict:
        return _page(one, said, one.edits, theirs=changes(said, one.content), met=True, status=409)
    flash(_("Brouillon enregistré. Rien ne change pour personne tant qu’il n’est pas publié."), "ok")
    return redirect(url_for(".category", code=code), 303)


def edits_seen() -> int:
    return whole_number(request.form.get("edits")) or 0


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
        return framed(
            session,
            one,
            "category",
            "category",
            status,
            given=given,
            edits=edits,
            wrong=wrong or {},
            theirs=theirs or [],
            met=met,
            labels=field_words(),
            choices=choices(catalogue(session, today())),
        )
