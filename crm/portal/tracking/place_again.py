"""« Rien constaté » is not an end: whoever knows the place says it again, and a team goes there once more."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.cases import give_place_again
from crm.foundation import RESIDENT, Invalid, clean
from crm.http import gettext as _
from crm.http import limiter, public, unit_of_work, wiring
from crm.portal.tracking.page import NOT_INDEXED, case_at, page
from crm.portal.tracking.views import bp

_LONGEST = 2000


@bp.post("/suivi/<token:token>/lieu")
@public
@limiter.limit("60 per hour")
def give_place(token: str) -> ResponseReturnValue:
    case, said = case_at(token), clean(request.form.get("place_again", ""))[:_LONGEST]
    try:
        with unit_of_work(RESIDENT) as uow:
            give_place_again(uow, wiring().rulebooks.current(), case.reference, said)
    except Invalid:
        error = _("Écrivez où c’est : un repère, un numéro, un côté de la rue.")
        return page(case, errors={"place_again": error}), 422, NOT_INDEXED
    return redirect(url_for(".show", token=token, fait="rouverte"), 303)
