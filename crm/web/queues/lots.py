"""What becomes of a lot: how far it is, which demands were refused and why, and these again in one click."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import DONE, VIEWS, LotCard, lot_lines, lots_of, one_lot
from crm.cases.lots.queries import REFUSED
from crm.http import gettext as _
from crm.http import needs, ngettext, reading
from crm.http.dates import day as day_in_words
from crm.http.spreadsheets import MIMETYPES, as_csv
from crm.staff import agent_names
from crm.web.queues.blueprint import bp
from crm.web.queues.bulk import colleagues, why_not

_USUAL = "a-traiter"
_NO_MORE = 286  # htmx: shown, and not asked again
_SHOWN = 200  # of each kind; the file has them all


@bp.get("/lots")
@needs(Permission.CASE_ACCEPT)
def latest_lot() -> ResponseReturnValue:
    """Back to the last one, with the others under it."""
    with reading() as session:
        mine = lots_of(session, current_user.actor, limit=1)
    if mine:
        return redirect(url_for(".lot", lot_id=mine[0].id))
    flash(_("Vous n’avez pas encore lancé de travail sur plusieurs demandes."), "info")
    return redirect(url_for(".show", view=_USUAL))


@bp.get("/lots/<int:lot_id>")
@needs(Permission.CASE_ACCEPT)
def lot(lot_id: int) -> ResponseReturnValue:
    """`?partie=1`: what changes, without its frame, for the page that is already open."""
    actor, view = current_user.actor, request.args.get("vue", _USUAL)
    with reading() as session:
        card = one_lot(session, lot_id, actor)
        refused = lot_lines(session, lot_id, REFUSED, reader=actor, limit=_SHOWN)
        done = lot_lines(session, lot_id, DONE, reader=actor, limit=_SHOWN) if card.ended_at else []
        shown: dict[str, Any] = {"team": colleagues(session), "others": lots_of(session, actor)}
        names = agent_names(session, {card.told["agent_id"]} if "agent_id" in card.told else set())
    part = request.args.get("partie")
    html = render_template(
        "web/queues/_lot.html" if part else "web/queues/lot.html",
        **shown,
        lot=card,
        heading=_heading(card, names),
        refused=[(one.reference, why_not(one.result or "")) for one in refused],
        done=[one.reference for one in done],
        view=view if view in VIEWS else _USUAL,
        bulk_query=f"?lot={lot_id}",
    )
    return html, _NO_MORE if part and card.ended_at else 200


@bp.get("/lots/<int:lot_id>/resultats.csv")
@needs(Permission.CASE_ACCEPT)
def lot_results(lot_id: int) -> Response:
    """Each demand and what became of it."""
    with reading() as session:
        one_lot(session, lot_id, current_user.actor)
        lines = lot_lines(session, lot_id, reader=current_user.actor)
    rows = [(one.reference, *_became(one.result)) for one in lines]
    content = as_csv([(_("Référence"), _("Résultat"), _("Pourquoi")), *rows])
    answer = Response(content, mimetype=MIMETYPES["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="travail-{lot_id}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _became(result: str | None) -> tuple[str, str]:
    if result is None:
        return _("en attente"), ""
    return (_("faite"), "") if result == DONE else (_("refusée"), why_not(result))


def _heading(card: LotCard, names: dict[int, str]) -> str:
    """« 72 demandes à prendre en charge »"""
    many, told = card.total, card.told
    if card.act == "plan":
        day = day_in_words(date.fromisoformat(told["planned_on"]))
        return ngettext(
            "Une demande à planifier : %(day)s", "%(num)d demandes à planifier : %(day)s", many, day=day
        )
    if card.act == "entrust":
        who = names.get(told["agent_id"], _("un collègue"))
        return ngettext(
            "Une demande à confier à %(who)s", "%(num)d demandes à confier à %(who)s", many, who=who
        )
    return ngettext("Une demande à prendre en charge", "%(num)d demandes à prendre en charge", many)
