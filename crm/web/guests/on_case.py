"""Whom a case was shown to outside: what they were sent, when they looked, what they said; withdraw it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import CaseSheet, one_case
from crm.cases.orders import orders_of
from crm.foundation import Conflict, IllegalStep, Invalid, NotFound
from crm.guests import Answer, Said, links_of_case, note_answer, revoke_link
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring
from crm.interactions import exchanges
from crm.staff import agent_names
from crm.web.explaining import category_label
from crm.web.guests.blueprint import bp
from crm.web.guests.offering import offered


@bp.get("/demandes/<reference:reference>/exterieur")
@needs(Permission.CASE_VIEW)
def of_case(reference: str) -> str:
    return _page(reference, {}, {})


@bp.post("/demandes/<reference:reference>/exterieur/<int:link_id>/retrait")
@needs(Permission.GUEST_ASK)
def revoke(reference: str, link_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        revoke_link(uow, reference, link_id)
    flash(_("Lien retiré : il ne s’ouvre plus."), "ok")
    return redirect(url_for(".of_case", reference=reference), 303)


@bp.post("/demandes/<reference:reference>/exterieur/<int:link_id>/reponse")
@needs(Permission.CASE_CLOSE)
def said(reference: str, link_id: int) -> ResponseReturnValue:
    """They answered by telephone or by letter: an agent notes it, and what follows is the same."""
    typed = {**request.form.to_dict(), "link": str(link_id)}
    try:
        if typed.get("answer") not in set(Answer):
            raise Invalid({"answer": "required"})
        what = Said(answer=Answer(typed["answer"]), name=typed.get("name", ""), text=typed.get("text", ""))
        with unit_of_work() as uow:
            note_answer(uow, wiring().rulebooks.current(), reference, link_id, what)
    except Invalid as refusal:
        return _page(reference, typed, reasons(refusal)), 422
    except (Conflict, IllegalStep, NotFound):
        return _page(reference, typed, {"answer": _("Cette transmission a déjà sa réponse.")}), 409
    flash(_("Réponse notée."), "ok")
    return redirect(url_for(".of_case", reference=reference), 303)


def _page(reference: str, typed: dict[str, str], wrong: dict[str, str]) -> str:
    with reading() as session:
        case: CaseSheet = one_case(session, current_user.actor, reference)
        links = links_of_case(session, case.id)
        orders = orders_of(session, case.id) if case.open_order_count else []
        words = {one.id: one.body for one in exchanges(session, case.id)}
        names = agent_names(session, {link.asked_by_id for link in links if link.asked_by_id})
    actor = current_user.actor
    shown: dict[str, Any] = {
        "case": case,
        "category": category_label(case.category_code),
        "links": links,
        "words": words,
        "names": names,
        "offered": offered(case, orders),
        "may_withdraw": allows(actor, Permission.GUEST_ASK, case),
        "may_note": allows(actor, Permission.CASE_CLOSE, case),
        "typed": typed,
        "wrong": wrong,
        "now": wiring().clock.now(),
    }
    return render_template("web/guests/on_case.html", **shown)
