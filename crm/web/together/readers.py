"""Who may read a case, when few may: set with a reason, lifted by a supervisor, each reading kept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows, require
from crm.cases import (
    CaseSheet,
    Restriction,
    RestrictionReason,
    lift_restriction,
    one_case,
    restrict_case,
    restricted_cases,
)
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reason, unit_of_work, whole_number, wiring, wording
from crm.http.dates import moment
from crm.staff import Colleague, agent_names, colleagues
from crm.trail import timeline
from crm.web.explaining import category_label, category_labels
from crm.web.together.blueprint import bp


@bp.get("/demandes/<reference:reference>/acces")
@needs(Permission.CASE_RESTRICT)
def readers(reference: str) -> str:
    return _page(reference)


@bp.post("/demandes/<reference:reference>/acces")
@needs(Permission.CASE_RESTRICT)
def restrict(reference: str) -> ResponseReturnValue:
    told = Restriction(
        reason=request.form.get("reason", ""),
        motive=request.form.get("motive", ""),
        unit_ids=_chosen("unit"),
        agent_ids=_chosen("agent"),
        concerned_agent_ids=_chosen("concerned"),
        concerned_unit_ids=_chosen("concerned_unit"),
    )
    try:
        with unit_of_work() as uow:
            restrict_case(uow, reference, told)
    except Invalid as refusal:
        wrong = {name: reason(code) for name, code in refusal.fields.items()}
        return _page(reference, wrong=wrong, typed=request.form), 422
    flash(_("Accès restreint. Chaque lecture est désormais notée."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.post("/demandes/<reference:reference>/acces/lever")
@needs(Permission.CASE_UNRESTRICT)
def lift(reference: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            lift_restriction(uow, reference, request.form.get("lift_motive", ""))
    except Invalid as refusal:
        wrong = {name: reason(code) for name, code in refusal.fields.items()}
        return _page(reference, wrong=wrong, typed=request.form), 422
    flash(_("Restriction levée : la demande se lit de nouveau comme les autres."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.get("/acces-restreints")
@needs(Permission.CASE_RESTRICT)
def restricted() -> str:
    with reading() as session:
        lines = restricted_cases(session, current_user.actor)
    return render_template("web/together/restricted.html", lines=lines, label=category_labels())


def _chosen(name: str) -> list[int]:
    return [id_ for typed in request.form.getlist(name) if (id_ := whole_number(typed)) is not None]


def _page(reference: str, **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        case = one_case(session, actor, reference)
        require(actor, Permission.CASE_RESTRICT, case)
        everybody = colleagues(session)
        read_by = _read_by(session, case)
    units = [card for card in wiring().rulebooks.units().values() if card.is_active]
    return render_template(
        "web/together/readers.html",
        **{"wrong": {}, "typed": None, **more},
        case=case,
        category_label=category_label(case.category_code),
        reasons=[{"value": str(code), "label": wording(code, "restriction")} for code in RestrictionReason],
        units=[(card.id, f"{card.organization_name} — {card.name}") for card in units],
        people=[(one.actor.id, f"{one.name} — {one.organization}") for one in everybody],
        named=_named(case, everybody),
        read_by=read_by,
        may_lift=case.readers is not None and allows(actor, Permission.CASE_UNRESTRICT, case),
    )


def _named(case: CaseSheet, everybody: list[Colleague]) -> dict[str, list[str]]:
    """Who reads and who never does, in words."""
    people = {f"a{one.actor.id}": one.name for one in everybody}
    services = {f"u{card.id}": card.name for card in wiring().rulebooks.units().values()}
    words = {"r:supervisor": _("les superviseurs"), **people, **services}
    marks = case.readers or []
    return {
        "readers": [words.get(mark, mark) for mark in marks if mark[0] != "-"],
        "kept_out": [words.get(mark[1:], mark[1:]) for mark in marks if mark[0] == "-"],
    }


def _read_by(session: Session, case: CaseSheet) -> list[tuple[str, str]]:
    """The latest first: who, when."""
    facts = timeline(session, "restricted", case.id, limit=200)
    names = agent_names(session, {fact.actor_id for fact in facts if fact.actor_id is not None})
    return [(names.get(fact.actor_id or 0, ""), moment(fact.at)) for fact in reversed(facts)]
