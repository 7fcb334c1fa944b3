"""A round as it is walked: its stops in order, each opening its page of the ground, without network too."""

from __future__ import annotations

from flask import render_template

from crm.access import Permission
from crm.http import needs
from crm.web.field.blueprint import bp
from crm.web.rounds.views import seen_by_me


@bp.get("/tournees/<int:round_id>")
@needs(Permission.ROUND_VIEW)
def going_round(round_id: int) -> str:
    return render_template("web/field/round.html", **seen_by_me(round_id))
