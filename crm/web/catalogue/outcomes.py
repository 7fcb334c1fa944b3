"""How one end is named, told and offered: its form, into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases import NOT_CHOSEN
from crm.catalogue import Working, write_outcome
from crm.http import needs, reading
from crm.web.catalogue.blueprint import OUTCOMES_AT, bp
from crm.web.catalogue.category_form import outcome_said
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, into_draft
from crm.web.catalogue.saying import field_words


@bp.get(f"{OUTCOMES_AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def outcome(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "issues", code)
    return _page(one, one.content, Given(one.seen))


@bp.post(f"{OUTCOMES_AT}/<code>")
@needs(Permission.CONTENT_EDIT)
def change_outcome(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "issues", code)
    said = outcome_said(request.form, one.content)
    return into_draft(one, said, write_outcome, _page, url_for(".trial", thing="issues", code=code))


def _page(one: Working, given: Mapping[str, Any], beside: Given) -> ResponseReturnValue:
    with reading() as session:
        told = {"given": given, "labels": field_words(), "chosen": one.code not in NOT_CHOSEN}
        return framed(session, one, "outcome", "outcome", beside.status, **told, **beside.shown)
