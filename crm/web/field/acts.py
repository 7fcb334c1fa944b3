"""Each big button: what it does, once, however often a bad network sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.attachments import Evidence, Giving, attach_files
from crm.cases import (
    CaseSheet,
    Outcome,
    WorkReport,
    need_more,
    resolve_case,
    secure_case,
    sent_before,
    set_out,
)
from crm.foundation import Conflict, IllegalStep, Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, reason, take_files, takes_files, unit_of_work, whole_number, wiring
from crm.http.dates import moment
from crm.web.cases.files import case_to_fill
from crm.web.field.blueprint import bp
from crm.web.field.views import field_page

_SHORTEST_KEY = 16
Act = Callable[[UnitOfWork, CaseSheet, int], object]


@bp.post("/<reference:reference>")
@needs(Permission.CASE_RESOLVE)
@takes_files
def do(reference: str) -> ResponseReturnValue:
    case = case_to_fill(reference, Permission.CASE_RESOLVE)
    name, key = request.form.get("act", ""), request.form.get("key", "")
    if name not in ACTS or len(key) < _SHORTEST_KEY:
        abort(400)
    taken = take_files(case)
    back = {"typed": request.form, "staged": taken.shown()}
    if taken.refusals:
        return field_page(reference, refusals=taken.refusals, **back), 422
    seen = whole_number(request.form.get("seen_version")) or 0
    try:
        with unit_of_work() as uow:
            first = not sent_before(uow, reference, key)
            if first:
                shown = Giving(from_usager=False, evidence=_EVIDENCE.get(name, Evidence.NONE))
                attach_files(uow, case, case.id, taken.tokens, shown)
                ACTS[name](uow, case, seen)
    except Invalid as refusal:
        wrong = {field: reason(code) for field, code in refusal.fields.items()}
        return field_page(reference, wrong=wrong, **back), 422
    except (Conflict, IllegalStep):
        return field_page(reference, clash=True, **back), 409
    flash(_said(name) if first else _("Déjà reçu : rien n’est compté deux fois."), "ok")
    if name == "on_the_way":
        return redirect(url_for("field.one", reference=reference), 303)
    return redirect(url_for("field.show"), 303)


def _note() -> str:
    return request.form.get("note", "").strip()


def _on_the_way(uow: UnitOfWork, case: CaseSheet, _seen: int) -> object:
    return set_out(uow, case.reference)


def _done(uow: UnitOfWork, case: CaseSheet, seen: int) -> object:
    report = WorkReport(
        outcome=Outcome.DONE,
        text=_note() or _("Fait sur place."),
        no_photo=request.form.get("no_photo", ""),
    )
    return resolve_case(uow, case.reference, report=report, seen_version=seen)


def _secured(uow: UnitOfWork, case: CaseSheet, seen: int) -> object:
    typed = request.form.get("planned_on", "").strip()
    if not typed:
        raise Invalid({"planned_on": "required"})
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None
    return secure_case(uow, case.reference, planned_on=day, report=_note(), seen_version=seen)


def _nothing_found(uow: UnitOfWork, case: CaseSheet, seen: int) -> object:
    """When somebody went there is part of the answer: the usager may say that it was the wrong moment."""
    passed = _("Passage le %(moment)s : rien constaté.", moment=moment(wiring().clock.now()))
    text = f"{passed} {_note()}".strip()
    report = WorkReport(outcome=Outcome.NOTHING_FOUND, text=text)
    return resolve_case(uow, case.reference, report=report, seen_version=seen)


def _need(uow: UnitOfWork, case: CaseSheet, _seen: int) -> object:
    return need_more(uow, case.reference, _note())


ACTS: Mapping[str, Act] = {
    "on_the_way": _on_the_way,
    "done": _done,
    "secured": _secured,
    "nothing_found": _nothing_found,
    "need": _need,
}
_EVIDENCE = {"done": Evidence.AFTER, "secured": Evidence.AFTER}


def _said(name: str) -> str:
    told = {
        "on_the_way": _("C’est noté : vous êtes en route."),
        "done": _("Fait : c’est enregistré. Le centre répond à l’usager."),
        "secured": _("Mis en sécurité : c’est enregistré. L’usager est prévenu de la réparation."),
        "nothing_found": _("Rien constaté : c’est enregistré. L’usager pourra préciser l’endroit."),
        "need": _("Votre responsable voit ce qui manque."),
    }
    return told[name]
