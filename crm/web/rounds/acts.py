"""A stop up, down or off the round; the round cancelled. Plain buttons: the keyboard reaches them all."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases.rounds import cancel_round, drop_stop, move_stop
from crm.foundation import Conflict
from crm.http import gettext as _
from crm.http import needs, unit_of_work, whole_number
from crm.web.rounds.blueprint import bp
from crm.web.rounds.views import page


@bp.post("/<int:round_id>/ordre")
@needs(Permission.ROUND_MAKE)
def move(round_id: int) -> ResponseReturnValue:
    """`up` or `down` holds the stop's id."""
    up, down = whole_number(request.form.get("up")), whole_number(request.form.get("down"))
    stop_id = up or down or 0
    try:
        with unit_of_work() as uow:
            move_stop(uow, round_id, stop_id, by=-1 if up else 1, seen_version=_seen())
    except Conflict:
        return page(round_id, clash=True), 409
    return redirect(url_for(".one", round_id=round_id, _anchor=f"stop-{stop_id}"), 303)


@bp.post("/<int:round_id>/retrait")
@needs(Permission.ROUND_MAKE)
def drop(round_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            drop_stop(uow, round_id, whole_number(request.form.get("stop")) or 0, seen_version=_seen())
    except Conflict:
        return page(round_id, clash=True), 409
    flash(_("Arrêt retiré de la tournée. Sa date prévue ne change pas."), "ok")
    return redirect(url_for(".one", round_id=round_id), 303)


@bp.post("/<int:round_id>/annulation")
@needs(Permission.ROUND_MAKE)
def cancel(round_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        cancel_round(uow, round_id)
    flash(_("Tournée annulée. Les dates prévues ne changent pas."), "ok")
    return redirect(url_for(".show"), 303)


def _seen() -> int:
    return whole_number(request.form.get("seen_version")) or 0
