"""What rings: its words, the sentence to say aloud, the number to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import Working, write_danger
from crm.http import gettext as _
from crm.http import needs, reading
from crm.web.catalogue.blueprint import DANGERS, bp
from crm.web.catalogue.category_form import danger_said
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, given_back, seen
from crm.web.catalogue.saying import changes, field_words


@bp.get(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    return _page(one, one.content, Given(one.seen))


@bp.post(f"{DANGERS}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_danger(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "dangers", code)
    said = danger_said(request.form, one.content)
    back = given_back(one, lambda uow: write_danger(uow, said, seen=seen()), changes(said, one.content))
    if back:
        return _page(one, said, back)
    flash(_("Brouillon enregistré. Rien ne change pour personne tant qu’il n’est pas publié."), "ok")
    return redirect(url_for(".trial", thing="dangers", code=code), 303)


def _page(one: Working, given: Mapping[str, Any], beside: Given) -> ResponseReturnValue:
    with reading() as session:
        told = {"given": given, "labels": field_words(), **beside.shown}
        return framed(session, one, "danger", "danger", beside.status, **told)
