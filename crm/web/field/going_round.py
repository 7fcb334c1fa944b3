"""A round as it is walked: its stops in order, each opening its page of the ground, without network too."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from crm.access import Permission
from crm.cases.rounds import one_round
from crm.http import needs, reading, wiring
from crm.staff import agent_names
from crm.web.explaining import category_labels
from crm.web.field.blueprint import bp
from crm.web.rounds.views import picture_of


@bp.get("/tournees/<int:round_id>")
@needs(Permission.ROUND_VIEW)
def going_round(round_id: int) -> str:
    with reading() as session:
        card, stops = one_round(session, current_user.actor, round_id)
        names = agent_names(session, {card.agent_id} if card.agent_id else set())
        picture = picture_of(session, card, stops)
    return render_template(
        "web/field/round.html",
        round=card,
        stops=stops,
        done=sum(stop.wanted.is_done for stop in stops),
        who=names.get(card.agent_id or 0, ""),
        unit=wiring().rulebooks.units().get(card.unit_id),
        label=category_labels(),
        picture=picture,
    )
