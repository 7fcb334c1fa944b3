"""One act on many demands: a few at once, their result said; many behind, with a page of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import (
    MOST_IN_LOT,
    VIEWS,
    act_on_one,
    list_references,
    lot_lines,
    lot_needs,
    one_lot,
    refused_for,
    start_lot,
)
from crm.cases.lots.queries import REFUSED
from crm.foundation import CrmError, Invalid
from crm.http import gettext as _
from crm.http import (
    holds,
    in_sentence,
    needs,
    ngettext,
    reading,
    reason,
    reasons,
    unit_of_work,
    whole_number,
    wiring,
    wording,
)
from crm.staff import team_of
from crm.web.kept_counts import kept
from crm.web.queues.blueprint import bp
from crm.web.queues.filters import asked_of

AT_ONCE = 50  # beyond, a job does them
_NAMED = 5  # references of the refused, for each reason
ACTS: Mapping[str, str] = {"accepter": "accept", "planifier": "plan", "confier": "entrust"}


@bp.post("/<view>/lot/<act>")
@needs(Permission.CASE_ACCEPT)
def bulk(view: str, act: str) -> ResponseReturnValue:
    if view not in VIEWS or act not in ACTS:
        abort(404)
    chosen = _chosen(view)
    if not chosen:
        flash(_("Cochez d’abord des demandes dans la liste."), "warn")
        return redirect(list_address(view), 303)
    try:
        told = lot_needs(ACTS[act], {**request.form, "agent_id": whole_number(request.form.get("agent_id"))})
        if len(chosen) > AT_ONCE:
            with unit_of_work() as uow:
                lot_id = start_lot(uow, ACTS[act], told, chosen)
            return redirect(url_for("queues.lot", lot_id=lot_id, vue=view), 303)
    except Invalid as refusal:
        return _again(view, act, chosen, refusal), 422
    _do(act, told, chosen)
    return redirect(list_address(view), 303)


def _chosen(view: str) -> list[str]:
    """What is ticked; all that a lot refused; or all of the list as it was narrowed, one more than may be so
    that it is refused.
    """
    if not request.form.get("whole"):
        return list(dict.fromkeys(request.form.getlist("case")))
    filters, now = asked_of(view, request.args).filters, wiring().clock.now()
    with reading() as session:
        if lot_id := whole_number(request.args.get("lot")):
            actor = current_user.actor
            one_lot(session, lot_id, actor)
            return [one.reference for one in lot_lines(session, lot_id, REFUSED, reader=actor)]
        return list_references(session, current_user.actor, view, filters, now, limit=MOST_IN_LOT + 1)


def list_address(view: str) -> str:
    """The list as it was narrowed, at the same page, or place by place."""
    by = request.args.get("par", "")
    if by in {"secteur", "rue"}:
        return url_for("queues.by_place", by=by)
    return asked_of(view, request.args).address(apres=request.args.get("apres", ""))


def _again(view: str, act: str, chosen: list[str], refusal: Invalid) -> str:
    """What is missing is asked for; what was chosen and typed is kept, script or not."""
    with reading() as session:
        team = colleagues(session)
    return render_template(
        "web/queues/again.html",
        view=view,
        act=act,
        chosen=chosen,
        typed=request.form,
        wrong=reasons(refusal),
        team=team,
        back=list_address(view),
        bulk_query=f"?{request.query_string.decode()}" if request.query_string else "",
    )


def _do(act: str, told: Mapping[str, Any], chosen: list[str]) -> None:
    done, refused = 0, defaultdict[str, list[str]](list)
    for typed in chosen:
        try:
            with unit_of_work() as uow:
                act_on_one(uow, ACTS[act], told, typed)
        except CrmError as refusal:
            refused[why_not(refused_for(refusal))].append(typed)
        else:
            done += 1
    flash(_told(act, done, refused), "warn" if refused else "ok")


def why_not(result: str) -> str:
    """Why one of many was refused, to follow « refusée : »."""
    family, _colon, code = result.partition(":")
    if family == "state":
        return in_sentence(wording(code))
    if family == "reason":
        return in_sentence(reason(code)).rstrip(".")
    told = {
        "out_of_reach": _("elle n’est pas dans votre service"),
        "taken": _("déjà prise en charge"),
        "changed": _("elle vient de changer"),
        "not_allowed": _("vous n’en avez pas le droit"),
    }
    return told.get(family, "—")


def _told(act: str, done: int, refused: Mapping[str, list[str]]) -> str:
    """« 11 acceptées, 1 refusée : déjà prise en charge (2026-000123-45). »"""
    counted = {
        "accepter": lambda: ngettext("%(num)d acceptée", "%(num)d acceptées", done),
        "planifier": lambda: ngettext("%(num)d planifiée", "%(num)d planifiées", done),
        "confier": lambda: ngettext("%(num)d confiée", "%(num)d confiées", done),
    }
    parts = [counted[act]()] if done else []
    for why, which in refused.items():
        told = ngettext("%(num)d refusée : %(why)s", "%(num)d refusées : %(why)s", len(which), why=why)
        named, more = ", ".join(which[:_NAMED]), len(which) - _NAMED
        if more > 0:
            named = ngettext("%(named)s et une autre", "%(named)s et %(num)d autres", more, named=named)
        parts.append(f"{told} ({named})")
    return ", ".join(parts) + "."


def may_act() -> bool:
    return holds(current_user.actor.roles, frozenset({Permission.CASE_ACCEPT}))


def may_round() -> bool:
    return holds(current_user.actor.roles, frozenset({Permission.ROUND_MAKE}))


def colleagues(session: Session) -> list[tuple[int, str]]:
    """Those of the agent's own units; the same for whoever works in them."""
    units = current_user.actor.unit_ids

    def names() -> list[tuple[int, str]]:
        found: dict[int, str] = {}
        for unit_id in sorted(units):
            found |= team_of(session, unit_id)
        return list(found.items())

    return kept(("team", units), names)
