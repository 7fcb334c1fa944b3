"""Lists kept under a name, in the column on the left."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases import VIEWS
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reason, unit_of_work, whole_number
from crm.staff import forget_view, save_view
from crm.web.queues.blueprint import bp
from crm.web.queues.filters import asked_of


@bp.post("/<view>/enregistrement")
@needs(Permission.CASE_VIEW)
def keep(view: str) -> ResponseReturnValue:
    """This list and its filters, under a name; `unit`: for all who work there."""
    if view not in VIEWS:
        abort(404)
    asked = asked_of(view, request.form)
    try:
        with unit_of_work() as uow:
            unit_id = whole_number(request.form.get("unit"))
            save_view(uow, request.form.get("name", ""), view, asked.query, unit_id=unit_id)
    except Invalid as refused:
        flash(reason(next(iter(refused.fields.values()))), "warn")
    else:
        shared = _("Liste partagée : ceux du service l’ont dans la colonne de gauche.")
        flash(shared if unit_id else _("Liste enregistrée : elle est dans la colonne de gauche."), "ok")
    return redirect(asked.address(), 303)


@bp.post("/<view>/retrait/<int:view_id>")
@needs(Permission.CASE_VIEW)
def forget(view: str, view_id: int) -> ResponseReturnValue:
    if view not in VIEWS:
        abort(404)
    with unit_of_work() as uow:
        forget_view(uow, view_id)
    flash(_("Liste retirée de la colonne de gauche."), "ok")
    return redirect(asked_of(view, request.form).address(), 303)
