"""The simulator: past demands decided again by a draft, before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, everywhere
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number
from crm.routing import ask_simulation, one_simulation, simulations_of
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.frame import framed
from crm.web.competence.saying import Names, fate_words, naming

_USUAL_WEEKS = 8
_NO_MORE = 286  # htmx: shown, and not asked again


@bp.get(f"{AT}/<int:table_id>/simulations")
@needs(Permission.ROUTING_VIEW)
def simulations(table_id: int) -> str:
    return _page(table_id)


@bp.post(f"{AT}/<int:table_id>/simulations")
@needs(Permission.ROUTING_EDIT)
def simulate(table_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            weeks = whole_number(request.form.get("weeks")) or 0
            day = _day(request.form.get("as_if_from", ""))
            simulation_id = ask_simulation(uow, table_id, weeks=weeks, as_if_from=day)
    except Invalid as refusal:
        return _page(table_id, reasons(refusal)), 422
    return redirect(url_for(".simulation", simulation_id=simulation_id), 303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({"as_if_from": "not_a_date"}) from None


def _page(table_id: int, wrong: dict[str, str] | None = None) -> str:
    with reading() as session:
        done = simulations_of(session, current_user.actor, table_id)
        return framed(
            session,
            table_id,
            "simulations",
            "simulations",
            done=done,
            wrong=wrong or {},
            weeks=request.form.get("weeks", _USUAL_WEEKS),
            as_if_from=request.form.get("as_if_from", ""),
        )


@bp.get(f"{AT}/simulations/<int:simulation_id>")
@needs(Permission.ROUTING_VIEW)
def simulation(simulation_id: int) -> ResponseReturnValue:
    """`?partie=1`: what changes, without its frame, for the page that is already open."""
    words = naming()
    with reading() as session:
        card = one_simulation(session, current_user.actor, simulation_id)
        shown: dict[str, Any] = {"one": card, **_told(card.result, words)}
        shown["may_open"] = everywhere(current_user.actor, Permission.CASE_VIEW)
        if request.args.get("partie"):
            html = render_template("web/competence/_simulation.html", **shown)
        else:
            html = framed(session, card.table_id, "simulation", "simulations", **shown)
    return html, _NO_MORE if request.args.get("partie") and card.ended_at else 200


def _told(result: Mapping[str, Any], words: Names) -> dict[str, Any]:
    return {
        "moves": [
            {**move, "from": fate_words(move["from"], words), "to": fate_words(move["to"], words)}
            for move in result.get("moves", ())
        ],
        "categories": [
            (words("category", code) if code else _("Sans catégorie"), number)
            for code, number in result.get("categories", ())
        ],
        "communes": [
            (words("commune", code) if code else _("Sans commune"), number)
            for code, number in result.get("communes", ())
        ],
    }
