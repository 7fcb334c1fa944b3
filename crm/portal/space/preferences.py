"""« Mes préférences »: how to be answered, in which language, what one does not want, what one needs."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crm.contacts import Wishes
from crm.foundation import RESIDENT, Conflict, Invalid
from crm.http import gettext as _
from crm.http import limiter, public, reading, reasons, unit_of_work, whole_number, wiring
from crm.portal.report.screens import ways, ways_in_words
from crm.portal.space.entering import seal, sealed_visit, visit
from crm.portal.space.telling import needs_in_words
from crm.portal.space.views import NOT_INDEXED, bp, door
from crm.space import OwnSheet, OwnWishes, Visit, change_own_wishes, own_sheet

_BOXES = {
    "language": "interpreter",
    "preferred_channel": "way",
}  # as actions call them → as the form does


@bp.get("/preferences")
@public
def preferences() -> ResponseReturnValue:
    found = visit()
    return (_page(found) if found else door()), NOT_INDEXED


@bp.post("/preferences")
@public
@limiter.limit("60 per hour")
def prefer() -> ResponseReturnValue:
    found = sealed_visit()
    try:
        with unit_of_work(RESIDENT) as uow:
            seen = whole_number(request.form.get("seen_version")) or 0
            change_own_wishes(uow, found.id, _asked(request.form), seen_version=seen)
    except Invalid as refusal:
        errors = reasons(refusal, _BOXES)
        return _page(found, errors=errors, typed=request.form), 422, NOT_INDEXED
    except Conflict:
        return _page(found, clash=True, typed=request.form), 409, NOT_INDEXED
    return redirect(url_for("space.preferences", fait="note"), 303)


def _asked(form: MultiDict[str, str]) -> OwnWishes:
    wishes = Wishes(
        preferred_channel=form.get("way", ""),
        language=form.get("language", "fr"),
        no_surveys="no_surveys" in form,
        no_steps="no_steps" in form,
        no_news="no_news" in form,
    )
    return OwnWishes(
        wishes=wishes,
        takes_sms="no_sms" not in form,
        needs=form.getlist("needs"),
        interpreter=form.get("interpreter", ""),
    )


def _page(found: Visit, *, typed: MultiDict[str, str] | None = None, **more: Any) -> str:
    with reading() as session:
        sheet = own_sheet(session, found.email)
    words = ways_in_words()
    return render_template(
        "portal/space/preferences.html",
        **{"errors": {}, "clash": False, **more},
        here="space",
        sheet=sheet,
        chosen=_asked(typed) if typed is not None else _kept(sheet),
        ways=[{"value": "", "label": _("Sans préférence")}]
        + [{"value": way, "label": words[way]} for way in ways()],
        need_options=[{"value": code, "label": label} for code, label in needs_in_words().items()],
        done=request.args.get("fait") == "note",
        seal=seal(),
        sms="sms" in wiring().channels,
    )


def _kept(sheet: OwnSheet | None) -> OwnWishes:
    if sheet is None:
        return OwnWishes(wishes=Wishes(), takes_sms=True)
    card = sheet.card
    return OwnWishes(
        wishes=Wishes(
            preferred_channel=card.preferred_channel,
            language=card.language,
            no_surveys=card.no_surveys,
            no_steps=card.no_steps,
            no_news=card.no_news,
        ),
        takes_sms=sheet.takes_sms,
        needs=sheet.needs.codes,
        interpreter=sheet.needs.language,
    )
