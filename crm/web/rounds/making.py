"""Make a round of what is ticked in a list: the day, who goes, where from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from crm.access import Permission
from crm.cases import Mistyped, parse_reference
from crm.cases.rounds import (
    MOST_STOPS,
    NewRound,
    Point,
    RoundCard,
    StopKey,
    StopWanted,
    make_round,
    rounds_holding,
    stops_wanted,
)
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring
from crm.http.dates import full_day
from crm.staff import team_of
from crm.web.explaining import category_labels
from crm.web.orders.views import today
from crm.web.rounds.blueprint import bp
from crm.web.weeks import minutes_typed, week_lines

Chosen = list[StopKey]


@bp.get("/nouvelle")
@needs(Permission.ROUND_MAKE)
def new() -> ResponseReturnValue:
    """`?case=<reference>` and `?order=<reference>.<number>`, as often as there are stops."""
    chosen = chosen_of(request.args)
    return _page(chosen) if chosen else choose_first()


def choose_first() -> ResponseReturnValue:
    flash(_("Cochez d’abord ce qu’il y a à faire, puis « Faire une tournée »."), "warn")
    return redirect(url_for("queues.show", view="a-traiter"), 303)


def chosen_of(ticked: MultiDict[str, str]) -> Chosen:
    """What can be read of it, each once, MOST_STOPS and one at most: one too many is then refused."""
    found: Chosen = []
    for typed in ticked.getlist("case"):
        _add(found, typed, None)
    for typed in ticked.getlist("order"):
        reference, _dot, number = typed.partition(".")
        if whole_number(number):
            _add(found, reference, whole_number(number))
    return list(dict.fromkeys(found))[: MOST_STOPS + 1]


def seen_elsewhere() -> Chosen:
    """What the page that was sent said to be in a round already: ticked all the same, it is wanted twice."""
    told = request.form.getlist("known")
    cases, orders = ([one for one in told if ("." in one) is dotted] for dotted in (False, True))
    return chosen_of(MultiDict([*(("case", one) for one in cases), *(("order", one) for one in orders)]))


def _add(found: Chosen, typed: str, number: int | None) -> None:
    try:
        found.append((parse_reference(typed), number))
    except Mistyped:
        return


@bp.post("/nouvelle")
@needs(Permission.ROUND_MAKE)
def make() -> ResponseReturnValue:
    chosen = chosen_of(request.form)
    try:
        asked = _asked(chosen)
        with unit_of_work() as uow:
            made = make_round(uow, asked)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(chosen, wrong=wrong, typed=request.form), 422
    except Conflict:
        wrong = {"stops": _("Une demande a changé pendant ce temps : vérifiez la liste et recommencez.")}
        return _page(chosen, wrong=wrong, typed=request.form), 409
    flash(_("Tournée prête.") + told_left_out(made.left_out), "ok")
    return redirect(url_for(".one", round_id=made.id), 303)


def told_left_out(many: int) -> str:
    """A sentence to put after another, or nothing."""
    told = ngettext(
        "%(num)d arrêt n’était plus à faire par ce service.",
        "%(num)d arrêts n’étaient plus à faire par ce service.",
        many,
    )
    return f" {told}" if many else ""


def _asked(chosen: Chosen) -> NewRound:
    """
    Raises:
        Invalid: no day, or not a day; no number of minutes.
    """
    typed = request.form.get("day", "").strip()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid({"day": "not_a_date" if typed else "required"}) from None
    return NewRound(
        unit_id=whole_number(request.form.get("unit_id")) or 0,
        day=day,
        stops=chosen,
        again=seen_elsewhere(),
        agent_id=whole_number(request.form.get("agent_id")),
        name=request.form.get("name", ""),
        start_label=request.form.get("start_text", ""),
        start=_start(),
        plans="plans" in request.form,
        minutes=minutes_typed(request.form.get("minutes", "")),
    )


def _start() -> Point | None:
    try:
        lon, lat = float(request.form.get("lon", "")), float(request.form.get("lat", ""))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _page(chosen: Chosen, **more: Any) -> str:
    with reading() as session:
        stops = stops_wanted(session, current_user.actor, chosen)
        unit_id = _unit(stops)
        team = list(team_of(session, unit_id).items()) if unit_id else []
        weeks = week_lines(session, {unit_id} if unit_id else ())
        elsewhere = rounds_holding(session, stops, today())
    ours = [stop for stop in stops if stop.unit_id == unit_id]
    return render_template(
        "web/rounds/new.html",
        **{"wrong": {}, "typed": {}, **more},
        stops=ours,
        weeks=weeks,
        ticked=set(chosen) - (elsewhere.keys() - set(seen_elsewhere())),
        elsewhere=elsewhere,
        called=called,
        left_out=len(chosen) - len(ours),
        unit=wiring().rulebooks.units().get(unit_id or 0),
        team=team,
        label=category_labels(),
        today=today(),
    )


def called(one: RoundCard) -> str:
    return f"{full_day(one.day)} · {one.name or _('Tournée %(number)d', number=one.id)}"


def _unit(stops: Sequence[StopWanted]) -> int | None:
    """One unit a round: the one of the first stop."""
    return stops[0].unit_id if stops else None
