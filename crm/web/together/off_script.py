"""« Sortir du cadre »: said in three lines from any case; the month's list, from which rules are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from babel.dates import format_date
from dateutil.relativedelta import relativedelta
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.cases import (
    OffScript,
    OffScriptLine,
    look_at_step,
    make_rule,
    off_script_between,
    one_case,
    step_out,
)
from crm.foundation import PARIS, Conflict, Invalid
from crm.http import gettext as _
from crm.http import language, needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring, wording
from crm.http.dates import moment
from crm.staff import agent_names
from crm.web.explaining import category_label, category_labels
from crm.web.together.blueprint import bp
from crm.web.together.months import month_of
from crm.web.together.rule_drafts import frequent, page_of

_NEVER_MORE = 500


@dataclass(frozen=True, slots=True)
class Row:
    step: OffScriptLine
    what: str
    why: str
    who: str
    when: str
    leads_to: str  # to what was written of it, once it is a rule


@dataclass(frozen=True, slots=True)
class Group:
    """The steps of one subject: what may become a rule. `share`: of those, how many have."""

    category: str
    rows: list[Row]
    ruled: int


@bp.get("/demandes/<reference:reference>/hors-cadre")
@needs(Permission.CASE_NOTE)
def step_out_form(reference: str) -> str:
    return _form(reference)


@bp.post("/demandes/<reference:reference>/hors-cadre")
@needs(Permission.CASE_NOTE)
def step_out_now(reference: str) -> ResponseReturnValue:
    told = request.form
    try:
        with unit_of_work() as uow:
            step_out(
                uow,
                reference,
                kind=told.get("kind", ""),
                words=told.get("words", ""),
                motive=told.get("motive", ""),
                look="look" in told,
            )
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _form(reference, wrong=wrong, typed=told), 422
    flash(_("C’est noté. Vous avez bien fait de le dire : ce qui revient souvent devient une règle."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


def _form(reference: str, **more: Any) -> str:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    require(current_user.actor, Permission.CASE_NOTE, case)
    kinds = [{"value": str(kind), "label": wording(kind, "outside")} for kind in OffScript]
    return render_template(
        "web/together/step_out.html",
        **{"wrong": {}, "typed": {}, **more},
        case=case,
        category_label=category_label(case.category_code),
        kinds=kinds,
    )


@bp.get("/hors-cadre")
@needs(Permission.OFF_SCRIPT_REVIEW)
def review() -> str:
    return _review({})


@bp.post("/hors-cadre/regle")
@needs(Permission.OFF_SCRIPT_REVIEW)
def rule() -> ResponseReturnValue:
    chosen = [id_ for typed in request.form.getlist("step") if (id_ := whole_number(typed)) is not None]
    try:
        with unit_of_work() as uow:
            marked = make_rule(uow, chosen, request.form.get("rule", ""))
    except Invalid as refusal:
        return _review(reasons(refusal)), 422
    flash(
        ngettext(
            "%(num)d sortie du cadre est devenue une règle.",
            "%(num)d sorties du cadre sont devenues une règle.",
            marked,
        ),
        "ok",
    )
    return redirect(url_for(".review", mois=request.form.get("mois") or None), 303)


@bp.post("/hors-cadre/<int:step_id>/regard")
@needs(Permission.CASE_NOTE)
def look(step_id: int) -> ResponseReturnValue:
    """A colleague's eye, from « Pour moi »."""
    try:
        with unit_of_work() as uow:
            look_at_step(uow, step_id, request.form.get("look", ""))
    except Invalid:
        flash(_("Écrivez ce que vous en pensez, en une phrase."), "warn")
    except Conflict:
        flash(_("Un collègue y a déjà jeté un œil."), "warn")
    else:
        flash(_("Votre regard est noté sur la demande."), "ok")
    return redirect(url_for(".for_me"), 303)


def _review(wrong: dict[str, str]) -> str:
    first = month_of(request.values.get("mois", ""))
    since = datetime.combine(first, time(), tzinfo=PARIS)
    until = datetime.combine(first + relativedelta(months=1), time(), tzinfo=PARIS)
    with reading() as session:
        steps = off_script_between(session, current_user.actor, since, until, _NEVER_MORE)
        names = agent_names(session, {step.agent_id for step in steps if step.agent_id is not None})
    rows = [_row(step, names) for step in steps]
    return render_template(
        "web/together/review.html",
        groups=_groups(rows),
        often=frequent(steps, first),
        count=len(rows),
        ruled=sum(bool(row.step.rule) for row in rows),
        month=first,
        month_words=format_date(first, "MMMM y", locale=language()),
        before=f"{first - relativedelta(months=1):%Y-%m}",
        after=f"{first + relativedelta(months=1):%Y-%m}" if until <= wiring().clock.now() else "",
        wrong=wrong,
        typed=request.form,
    )


def _row(step: OffScriptLine, names: dict[int, str]) -> Row:
    what, _gap, why = step.words.partition("\n\n")
    who, leads_to = names.get(step.agent_id or 0, ""), page_of(step.kind, step.category_code)
    return Row(step, what, why, who, moment(step.at), leads_to if step.rule else "")


def _groups(rows: Sequence[Row]) -> list[Group]:
    """The most frequent subject first: that is where a rule is wanting."""
    counts, labels = Counter(row.step.category_code for row in rows), category_labels()
    return [
        Group(
            labels(code),
            [row for row in rows if row.step.category_code == code],
            sum(bool(row.step.rule) for row in rows if row.step.category_code == code),
        )
        for code, _many in counts.most_common()
    ]
