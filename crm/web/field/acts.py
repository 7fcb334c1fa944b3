"""The big buttons of the page, without script or with the network there: what is missing is asked again."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases.ground import ACTS, press
from crm.foundation import Conflict, IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, reasons, takes_files, unit_of_work
from crm.web.field.blueprint import bp
from crm.web.field.places import spot_of
from crm.web.field.pressed import is_key, photos, read_save
from crm.web.field.saying import said_done
from crm.web.field.views import field_page


@bp.post("/<reference:reference>")
@needs(Permission.CASE_RESOLVE)
@takes_files
def do(reference: str) -> ResponseReturnValue:
    return _pressed(reference, None)


@bp.post("/<reference:reference>/<int:number>")
@needs(Permission.ORDER_DO)
@takes_files
def do_order(reference: str, number: int) -> ResponseReturnValue:
    return _pressed(reference, number)


def _pressed(reference: str, number: int | None) -> ResponseReturnValue:
    spot = spot_of(reference, number)
    act = request.form.get("act", "")
    if act not in ACTS or not is_key(request.form.get("key", "")):
        abort(400)
    before, after = photos(spot)
    back = {"typed": request.form, "staged_before": before.shown(), "staged": after.shown()}
    if before.refusals or after.refusals:
        refused = {"refusals_before": before.refusals, "refusals": after.refusals}
        return field_page(reference, number, **refused, **back), 422
    try:
        save = read_save(spot, before.tokens, after.tokens)
        with unit_of_work() as uow:
            taken = press(uow, save)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return field_page(reference, number, wrong=wrong, **back), 422
    except (Conflict, IllegalStep):
        return field_page(reference, number, clash=True, **back), 409
    said = said_done(act, taken, of_order=number is not None)
    flash(_("Déjà reçu : rien n’est compté deux fois.") if taken.again else said, "ok")
    if act == "on_the_way":
        return redirect(request.path, 303)
    return redirect(url_for("field.show"), 303)
