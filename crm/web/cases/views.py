"""The page of a case, its correction and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm import contacts
from crm.access import Permission
from crm.cases import note_to, one_case, reveal_contact
from crm.channels import case_pdf
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring, wording
from crm.http.dates import full_day, moment, promise
from crm.notifications import answer_drafts
from crm.web.cases.blueprint import bp
from crm.web.cases.clash import clash_of
from crm.web.cases.page import page_of
from crm.web.cases.presence import present
from crm.web.together.naming import told_of_note

_NOTHING_YET: Mapping[str, Any] = {
    "wrong": {}, "typed": {}, "act": "", "clash": False, "staged": [], "refusals": [], "telling": None,
}  # fmt: skip

_LATEST_LINES = 50  # of the thread: what a person reads; the rest is one link away


@bp.get("/<reference:reference>")
@needs(Permission.CASE_VIEW)
def show(reference: str) -> str:
    """`?brouillon=1`: with the question that was taken back. `?tout=1`: with the whole thread."""
    return page(reference, **(_question_taken_back(reference) if request.args.get("brouillon") else {}))


def _question_taken_back(reference: str) -> dict[str, Any]:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        drafts = answer_drafts(session, case.id, "question")
    mine = [draft.words for draft in drafts if draft.agent_id == current_user.actor.id]
    return {"act": "ask", "typed": mine[0]} if mine else {}


def page(reference: str, **more: Any) -> str:
    """The page; `more` brings back what was typed when an act was refused."""
    with reading() as session:
        shown = page_of(session, reference, most=None if request.args.get("tout") else _LATEST_LINES)
        shown["present"] = present(session, shown["case"].id)
    if more.get("clash"):
        more["clash"] = clash_of(shown, more["typed"], more["act"])
    return render_template("web/cases/show.html", **{**_NOTHING_YET, **shown, **more})


@bp.post("/<reference:reference>/note")
@needs(Permission.CASE_NOTE)
def note(reference: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            noted = note_to(uow, reference, request.form.get("text", ""))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(reference, wrong=wrong, act="note"), 422
    flash(told_of_note(noted.told, request.form.get("text", "")), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.post("/<reference:reference>/coordonnees")
@needs(Permission.CASE_VIEW)
def reveal(reference: str) -> str:
    """Names and numbers to whoever sees them masked, because the work needs it: it is remembered."""
    with unit_of_work() as uow:
        contact_id = reveal_contact(uow, reference)
    with reading() as session:
        card = contacts.contact_card(session, contact_id) if contact_id else None
    return page(reference, card=card)


@bp.get("/<reference:reference>/dossier.pdf")
@needs(Permission.CASE_VIEW)
def paper(reference: str) -> Response:
    """The whole case on paper."""
    with reading() as session:
        shown = page_of(session, reference)
    response = Response(case_pdf(_paper(shown)), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="demande-{reference}.pdf"'
    return response


def _paper(shown: dict[str, Any]) -> dict[str, Any]:
    case, unit, card = shown["case"], shown["unit"], shown["card"]
    summary = [
        (_("Catégorie"), shown["category_label"]),
        (_("Objet"), case.object),
        (_("Lieu"), ", ".join(filter(None, (case.place_label, case.place_hint)))),
        (_("État"), wording(case.state)),
        (_("Usager"), card.display_name if card else _("Anonyme")),
        (_("Reçue le"), moment(case.received_at)),
        (
            _("Réponse annoncée"),
            promise(case.announced_due_at, case.priority) if case.announced_due_at else "—",
        ),
        (_("Service"), f"{unit.name}, {unit.organization_name}" if unit else _("À qualifier")),
        (_("Pourquoi ce service"), shown["reasons"]),
    ]
    return {
        "title": _("Demande"),
        "reference": case.reference,
        "printed": full_day(shown["now"]),
        "centre": wiring().settings.centre.name,
        "summary": [[term, value] for term, value in summary],
        "answers": [[question, answer] for question, answer in shown["answers"]],
        "timeline": [
            {"at": line.when, "who": line.who, "organization": "", "what": line.text, "text": line.body}
            for line in reversed(shown["lines"])
        ],
    }
