"""What a category is: its form, into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import FACTS, Working, write_category
from crm.http import needs, reading
from crm.web.catalogue.blueprint import AT, bp
from crm.web.catalogue.category_form import category_said, choices
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, into_draft
from crm.web.catalogue.saying import field_words


@bp.get(f"{AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def category(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _page(one, one.content, Given(one.seen))


@bp.post(f"{AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_category(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
        said = category_said(request.form, one.content, one.known)
    write = partial(write_category, held=FACTS)
    return into_draft(one, said, write, _page, url_for(".category", code=code))


def _page(one: Working, given: Mapping[str, Any], beside: Given) -> ResponseReturnValue:
    with reading() as session:
        told = {"given": given, "labels": field_words(), "choices": choices(one.known, one.content)}
        return framed(session, one, "category", "category", beside.status, **told, **beside.shown)
