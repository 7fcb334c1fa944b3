"""The waiting room of a counter: a number given, the next one received."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import needs, unit_of_work
from crm.intake import give_number, see_walk_in
from crm.web.desk.blueprint import bp
from crm.web.desk.home import desk_commune


@bp.post("/guichet/passages")
@needs(Permission.CASE_CREATE)
def give() -> ResponseReturnValue:
    with unit_of_work() as uow:
        number = give_number(uow, desk_commune())
    flash(_("Numéro à donner : %(number)s", number=number), "ok")
    return redirect(url_for("desk.show"), 303)


@bp.post("/guichet/passages/<int:walk_in_id>/recevoir")
@needs(Permission.CASE_CREATE)
def receive(walk_in_id: int) -> ResponseReturnValue:
    """To the form, with the number; a colleague may have been quicker."""
    if not _seen(walk_in_id):
        return redirect(url_for("desk.show"), 303)
    return redirect(url_for("desk.new", passage=walk_in_id), 303)


@bp.post("/guichet/passages/<int:walk_in_id>/parti")
@needs(Permission.CASE_CREATE)
def gone(walk_in_id: int) -> ResponseReturnValue:
    _seen(walk_in_id)
    return redirect(url_for("desk.show"), 303)


def _seen(walk_in_id: int) -> bool:
    try:
        with unit_of_work() as uow:
            see_walk_in(uow, walk_in_id)
    except NotFound:
        flash(_("Cette personne a déjà été reçue, ou est partie."), "warn")
        return False
    return True
