"""More stops for a round that is there: what was ticked in a list, or what is left in its sectors."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases.rounds import (
    RoundCard,
    StopWanted,
    add_stops,
    one_round,
    rounds_from,
    rounds_holding,
    stops_beside,
    stops_wanted,
)
from crm.foundation import Conflict, Invalid, NotFound
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number
from crm.web.explaining import category_labels
from crm.web.orders.views import today
from crm.web.rounds.blueprint import bp
from crm.web.rounds.making import Chosen, called, choose_first, chosen_of, seen_elsewhere, told_left_out
from crm.web.weeks import minutes_typed, week_lines


@bp.get("/ajout")
@needs(Permission.ROUND_MAKE)
def add() -> ResponseReturnValue:
    """`?case=` and `?order=` as for a new round; or `?tournee=<id>`, to choose among what is near it."""
    chosen, round_id = chosen_of(request.args), whole_number(request.args.get("tournee"))
    if not chosen and not round_id:
        return choose_first()
    return _page(chosen, round_id)


@bp.post("/ajout")
@needs(Permission.ROUND_MAKE)
def put() -> ResponseReturnValue:
    """`round` is `<id>.<version seen>`."""
    chosen, near = chosen_of(request.form), whole_number(request.form.get("tournee"))
    round_id, seen = _round()
    try:
        with unit_of_work() as uow:
            put = add_stops(
                uow,
                round_id,
                chosen,
                seen_version=seen,
                again=seen_elsewhere(),
                plans="plans" in request.form,
                minutes=minutes_typed(request.form.get("minutes", "")),
            )
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(chosen, near, wrong=wrong), 422
    except Conflict:
        wrong = {"stops": _("La tournée ou une demande a changé pendant ce temps : vérifiez et recommencez.")}
        return _page(chosen, near, wrong=wrong), 409
    except NotFound:
        wrong = {"round": _("Cette tournée n’est plus là : choisissez-en une autre.")}
        return _page(chosen, near, wrong=wrong), 404
    added = len(chosen) - put.left_out
    told = ngettext(
        "%(num)d arrêt ajouté à la fin de la tournée.",
        "%(num)d arrêts ajoutés à la fin de la tournée.",
        added,
    )
    flash(told + told_left_out(put.left_out), "ok")
    return redirect(url_for(".one", round_id=round_id), 303)


def _round() -> tuple[int, int]:
    round_id, _dot, seen = request.form.get("round", "").partition(".")
    return whole_number(round_id) or 0, whole_number(seen) or 0


def _page(chosen: Chosen, near: int | None, **more: Any) -> str:
    """
    Args:
        near: the round to choose for; None when one is to be chosen for what is ticked.

    Raises:
        NotFound: that round is not there, or out of reach.
    """
    with reading() as session:
        rounds, offered = _near(session, near) if near else _of_unit(session, chosen)
        weeks = week_lines(session, {one.unit_id for one in rounds})
        elsewhere = rounds_holding(session, offered, today())
    here = _round()[0] or near or _same_day(rounds, offered)
    return render_template(
        "web/rounds/add.html",
        **{"wrong": {}, **more},
        near=rounds[0] if near else None,
        rounds=[(f"{one.id}.{one.version}", _called(one)) for one in rounds],
        here=next((f"{one.id}.{one.version}" for one in rounds if one.id == here), ""),
        stops=offered,
        weeks=weeks,
        minutes=request.form.get("minutes", ""),
        ticked=set(chosen) - (elsewhere.keys() - set(seen_elsewhere())),
        elsewhere=elsewhere,
        called=called,
        left_out=0 if near else len(chosen) - len(offered),
        plans=request.method == "GET" or "plans" in request.form,
        new_href=_new_href(chosen),
        label=category_labels(),
    )


def _new_href(chosen: Chosen) -> str:
    cases = [reference for reference, number in chosen if number is None]
    orders = [f"{reference}.{number}" for reference, number in chosen if number is not None]
    return url_for(".new", case=cases, order=orders)


def _near(session: Session, round_id: int) -> tuple[list[RoundCard], list[StopWanted]]:
    card, _stops = one_round(session, current_user.actor, round_id)
    return [card], stops_beside(session, current_user.actor, card, today())


def _of_unit(session: Session, chosen: Chosen) -> tuple[list[RoundCard], list[StopWanted]]:
    """A round is one unit's: that of the first stop."""
    offered = stops_wanted(session, current_user.actor, chosen)
    if not offered:
        return [], []
    unit_id = offered[0].unit_id
    rounds = rounds_from(session, current_user.actor, today(), unit_id=unit_id)
    return rounds, [one for one in offered if one.unit_id == unit_id]


def _same_day(rounds: list[RoundCard], offered: list[StopWanted]) -> int | None:
    days = {one.planned_on for one in offered}
    return next((one.id for one in rounds if one.day in days), None)


def _called(one: RoundCard) -> str:
    return f"{called(one)} · " + ngettext("%(num)d arrêt", "%(num)d arrêts", one.stops)
