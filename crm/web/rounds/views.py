"""Rounds by day; one, on screen, on a telephone and on paper."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, render_template
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.cases.rounds import OfUnit, RoundCard, Stop, one_round, rounds_from
from crm.channels import round_pdf
from crm.http import gettext as _
from crm.http import holds, needs, reading, wiring, wording
from crm.http.dates import full_day
from crm.staff import agent_names
from crm.territory import outlines, street_lines
from crm.web.explaining import category_labels
from crm.web.orders.views import today
from crm.web.rounds.blueprint import bp
from crm.web.rounds.drawing import draw_map, frame_of
from crm.web.weeks import week_lines


@bp.get("")
@needs(Permission.ROUND_VIEW)
def show() -> str:
    """Today's and those to come."""
    with reading() as session:
        rounds = rounds_from(session, current_user.actor, today())
        names = agent_names(session, {one.agent_id for one in rounds if one.agent_id})
        weeks = week_lines(session, current_user.actor.unit_ids | {one.unit_id for one in rounds})
    return render_template(
        "web/rounds/list.html",
        weeks=weeks,
        days=[(day, list(some)) for day, some in groupby(rounds, key=lambda one: one.day)],
        names=names,
        units=wiring().rulebooks.units(),
        today=today(),
        may_make=holds(current_user.actor.roles, frozenset({Permission.ROUND_MAKE})),
    )


@bp.get("/<int:round_id>")
@needs(Permission.ROUND_VIEW)
def one(round_id: int) -> str:
    return page(round_id)


def page(round_id: int, *, clash: bool = False) -> str:
    """
    Args:
        clash: it changed since the agent saw it.

    Raises:
        NotFound: no such round, or out of reach.
    """
    shown = seen_by_me(round_id)
    may_make = allows(current_user.actor, Permission.ROUND_MAKE, OfUnit(shown["round"].unit_id))
    may_add = may_make and shown["round"].day >= today()
    return render_template("web/rounds/one.html", **shown, may_make=may_make, may_add=may_add, clash=clash)


def seen_by_me(round_id: int) -> dict[str, Any]:
    """What a page of one round is drawn from. Raises NotFound."""
    with reading() as session:
        card, stops = one_round(session, current_user.actor, round_id)
        names = agent_names(session, {card.agent_id} if card.agent_id else set())
        return {
            "round": card,
            "stops": stops,
            "done": sum(stop.wanted.is_done for stop in stops),
            "who": names.get(card.agent_id or 0, ""),
            "unit": wiring().rulebooks.units().get(card.unit_id),
            "label": category_labels(),
            "picture": _picture_of(session, card, stops),
        }


def _picture_of(session: Session, card: RoundCard, stops: list[Stop]) -> Markup | None:
    """The map, drawn here: numbered stops on our own outlines; None when no place is known."""
    points = [(stop.place, at) for stop in stops if stop.is_ours and (at := stop.wanted.point)]
    frame = frame_of([*(at for _place, at in points), *([card.start] if card.start else [])])
    if frame is None:
        return None
    return draw_map(frame, outlines(session), street_lines(session, *frame), points, card.start)


@bp.get("/<int:round_id>/feuille.pdf")
@needs(Permission.ROUND_VIEW)
def paper(round_id: int) -> Response:
    shown = seen_by_me(round_id)
    made = round_pdf(_paper(shown["round"], shown["stops"], shown["who"], str(shown["picture"] or "")))
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="tournee-{round_id}.pdf"'
    return response


def _paper(card: RoundCard, stops: list[Stop], who: str, picture: str) -> dict[str, Any]:
    unit, label = wiring().rulebooks.units().get(card.unit_id), category_labels()
    return {
        "title": card.name or _("Tournée"),
        "day": full_day(card.day),
        "who": who or _("à qui la prend"),
        "unit": unit.name if unit else "",
        "start": card.start_label,
        "number": str(card.id),
        "centre": wiring().settings.centre.name,
        "map": picture,
        "words": {
            "round": _("Tournée"),
            "start": _("Départ"),
            "boxes": [_("Fait"), _("Mis en sécurité"), _("Rien constaté"), _("Besoin d’autre chose")],
            "hour": _("Heure"),
            "note": _("Note"),
            "gone": _("Cet arrêt n’est plus à faire par le service."),
        },
        "stops": [_stop(stop, label(stop.wanted.category_code)) for stop in stops],
    }


def _stop(stop: Stop, label: str) -> dict[str, Any]:
    one = stop.wanted
    number = f" / {one.number}" if one.number else ""
    place = one.place_label or _("Lieu à trouver")
    commune = one.commune if one.commune and one.commune not in place else ""
    return {
        "place": str(stop.place),
        "ours": stop.is_ours,
        "label": label,
        "reference": f"{one.reference}{number}",
        "where": ", ".join(filter(None, (place, commune))),
        "hint": one.place_hint,
        "words": one.words,
        "priority": wording(str(one.priority), "priority") if one.priority == 1 else "",
    }
