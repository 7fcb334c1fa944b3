"""What usagers wrote to the centre: who waits for a word, and the word given to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import (
    WrittenCase,
    answer_message,
    cases_written_to,
    note_network_answer,
    one_case,
    set_message_aside,
)
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.http.dates import ago, moment
from crm.interactions import Message, last_messages
from crm.notifications import reply_notice
from crm.web.cases.views import page
from crm.web.explaining import category_labels

bp = Blueprint("messages", __name__, url_prefix="/console")
_EXCERPT = 220


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `is_old`: the usager has been waiting since another day."""

    case: WrittenCase
    category: str
    unit: str
    words: str
    when: str
    ago: str
    is_old: bool


@bp.get("/messages")
@needs(Permission.CASE_TALK)
def waiting() -> str:
    """Who waits longest comes first."""
    now = wiring().clock.now()
    with reading() as session:
        cases = cases_written_to(session, current_user.actor)
        words = last_messages(session, [case.id for case in cases])
    return render_template("web/messages/waiting.html", rows=[_row(case, words, now) for case in cases])


def _row(case: WrittenCase, words: dict[int, str], now: datetime) -> Row:
    unit = wiring().rulebooks.units().get(case.unit_id or 0)
    return Row(
        case,
        category_labels()(case.category_code),
        unit.name if unit else "",
        words.get(case.id, "")[:_EXCERPT],
        moment(case.waiting_since),
        ago(case.waiting_since),
        (now - case.waiting_since).days >= 1,
    )


@bp.post("/demandes/<reference:reference>/message")
@needs(Permission.CASE_TALK)
def answer(reference: str) -> ResponseReturnValue:
    """The answer stands in the thread; the usager is told by the way they chose."""
    said = request.form.get("talk", "")
    notice = _notice(reference, said) if said.strip() else None
    try:
        with unit_of_work() as uow:
            answer_message(
                uow,
                reference,
                said,
                key=request.form.get("talk_key", "")[:64],
                seen_message=whole_number(request.form.get("seen_message")) or 0,
                notice=notice,
            )
    except Invalid as refusal:
        wrong = reasons(refusal, {"text": "talk"})
        return page(reference, wrong=wrong, typed=request.form, act="talk"), 422
    except Conflict:
        return page(reference, typed=request.form, act="talk", clash=True), 409
    flash(_("Réponse envoyée. La demande reste comme elle est."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.post("/demandes/<reference:reference>/message/publie")
@needs(Permission.CASE_TALK)
def published(reference: str) -> ResponseReturnValue:
    """Answered by hand on the network where it was asked; nothing leaves from here."""
    try:
        with unit_of_work() as uow:
            private = request.form.get("where") == "private"
            note_network_answer(uow, reference, request.form.get("published", ""), private=private)
    except Invalid as refusal:
        wrong = reasons(refusal, {"text": "published"})
        return page(reference, wrong=wrong, typed=request.form, act="published"), 422
    flash(_("Réponse sur le réseau notée."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.post("/demandes/<reference:reference>/message/lu")
@needs(Permission.CASE_TALK)
def set_aside(reference: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        set_message_aside(uow, reference)
    flash(_("Message marqué comme lu."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


def _notice(reference: str, said: str) -> Message | None:
    known = wiring()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        return reply_notice(session, known.settings.centre, case, said, known.clock.now())
