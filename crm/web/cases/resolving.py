"""The unit says what it did, with the photos that show it."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.attachments import Evidence, Giving, attach_files
from crm.cases import CaseSheet, Outcome, WorkReport, resolve_case
from crm.foundation import Conflict, IllegalStep, Invalid
from crm.http import Taken, needs, reasons, take_files, takes_files, unit_of_work, whole_number, wiring
from crm.http import gettext as _
from crm.promises import adapted_by
from crm.web.cases.blueprint import bp
from crm.web.cases.files import case_to_fill
from crm.web.cases.views import page


@bp.post("/<reference:reference>/compte-rendu")
@needs(Permission.CASE_VIEW)
@takes_files
def resolve(reference: str) -> ResponseReturnValue:
    case = case_to_fill(reference, Permission.CASE_RESOLVE)
    taken = take_files(case)
    typed = {"typed": request.form, "act": "resolve", "staged": taken.shown()}
    if taken.refusals:
        return page(reference, refusals=taken.refusals, **typed), 422
    try:
        _resolve(case, taken)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(reference, wrong=wrong, **typed), 422
    except (Conflict, IllegalStep):
        return page(reference, clash=True, **typed), 409
    flash(_("Compte rendu enregistré. Il reste à répondre à l’usager."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


def _resolve(case: CaseSheet, taken: Taken) -> None:
    report = _report()
    shown = Giving(from_usager=False, is_public="is_public" in request.form, evidence=Evidence.AFTER)
    with unit_of_work() as uow:
        attach_files(uow, case, case.id, taken.tokens, shown)
        seen = whole_number(request.form.get("seen_version")) or 0
        adapted = adapted_by(wiring().settings.promises)
        resolve_case(uow, case.reference, report=report, seen_version=seen, adapted=adapted)


def _report() -> WorkReport:
    """
    Raises:
        Invalid: no such outcome, or not a day.
    """
    told, day = request.form.get("outcome", ""), request.form.get("planned_on", "").strip()
    if told not in set(Outcome):
        raise Invalid({"outcome": "unknown"})
    try:
        planned_on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None
    return WorkReport(
        outcome=Outcome(told),
        text=request.form.get("report", ""),
        planned_on=planned_on,
        no_photo=request.form.get("no_photo", ""),
    )
