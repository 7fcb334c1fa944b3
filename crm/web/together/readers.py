"""Who may read a case, when few may: set with a reason, lifted by a supervisor, each reading kept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows, require
from crm.cases import (
    AtWork,
    CaseSheet,
    Charge,
    Restriction,
    RestrictionReason,
    WorkingAs,
    at_work,
    cut_off,
    lift_restriction,
    one_case,
    restrict_worked_case,
    restricted_cases,
)
from crm.foundation import PARIS, Invalid
from crm.guests import close_links, links_of_case
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring, wording
from crm.http.dates import full_day, moment
from crm.staff import agent_names
from crm.trail import timeline
from crm.web.explaining import category_label, category_labels
from crm.web.together.blueprint import bp
from crm.web.together.picking import Pickable, Picked, everybody, picked, proposed, services


@bp.get("/demandes/<reference:reference>/acces")
@needs(Permission.CASE_RESTRICT)
def readers(reference: str) -> str:
    return _page(reference)


@bp.get("/demandes/<reference:reference>/acces/qui")
@needs(Permission.CASE_RESTRICT)
def who_may_read(reference: str) -> dict[str, Any]:
    """Services and people by name, for the boxes of the page."""
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        require(current_user.actor, Permission.CASE_RESTRICT, case)
        known = services() if "services" in request.args else everybody(session)
    return proposed(known, request.args.get("q", ""))


@bp.post("/demandes/<reference:reference>/acces")
@needs(Permission.CASE_RESTRICT)
def restrict(reference: str) -> ResponseReturnValue:
    with reading() as session:
        known = everybody(session)
    reading_it, concerned, elsewhere = (picked(name, known) for name in ("reader", "concerned", "elsewhere"))
    chosen = {"reader": reading_it, "concerned": concerned, "elsewhere": elsewhere}
    wrong = {name: "unknown" for name, one in chosen.items() if one.left}
    told = Restriction(
        reason=request.form.get("reason", ""),
        motive=request.form.get("motive", ""),
        unit_ids=reading_it.ids("u"),
        agent_ids=reading_it.ids("a"),
        concerned_agent_ids=concerned.ids("a"),
        concerned_unit_ids=concerned.ids("u"),
    )
    try:
        if wrong:
            raise Invalid(wrong)
        left_out, unlinked = _restrict(reference, told, elsewhere)
    except Invalid as refusal:
        wrong = reasons(refusal, {"unit_id": "elsewhere"})
        return _page(reference, wrong=wrong, typed=request.form, chosen=chosen), 422
    flash(_("Accès restreint. Chaque lecture est désormais notée."), "ok")
    if left_out:
        names = ", ".join(one.name for one in known if one.mark in {gone.mark for gone in left_out})
        flash(_("Y travaillaient et ne la lisent plus : %(names)s.", names=names), "warn")
    if unlinked:
        flash(_("Leur lien ne s’ouvre plus : %(names)s.", names=", ".join(unlinked)), "warn")
    return redirect(url_for("cases.show", reference=reference), 303)


def _restrict(reference: str, told: Restriction, elsewhere: Picked) -> tuple[list[AtWork], list[str]]:
    """Who worked on it and reads it no more; outside, whose link opens nothing any more."""
    charge, taken_by = request.form.get("charge", ""), elsewhere.ids("u")
    charge = Charge.ELSEWHERE if taken_by and charge == Charge.KEEP else charge  # naming one says it
    with unit_of_work() as uow:
        book, unit_id = wiring().rulebooks.current(), taken_by[0] if taken_by else None
        left_out = restrict_worked_case(uow, book, reference, told, charge=charge, unit_id=unit_id)
        return left_out, close_links(uow, reference)


@bp.post("/demandes/<reference:reference>/acces/lever")
@needs(Permission.CASE_UNRESTRICT)
def lift(reference: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            lift_restriction(uow, reference, request.form.get("lift_motive", ""))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(reference, wrong=wrong, typed=request.form), 422
    flash(_("Restriction levée : la demande se lit de nouveau comme les autres."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


@bp.get("/acces-restreints")
@needs(Permission.CASE_RESTRICT)
def restricted() -> str:
    with reading() as session:
        lines = restricted_cases(session, current_user.actor)
    return render_template("web/together/restricted.html", lines=lines, label=category_labels())


def _page(reference: str, **more: Any) -> str:
    actor = current_user.actor
    with reading() as session:
        case = one_case(session, actor, reference)
        require(actor, Permission.CASE_RESTRICT, case)
        known = everybody(session)
        working = at_work(session, case, wiring().clock.now().astimezone(PARIS).date())
        gone = cut_off(session, working, case.readers) if case.readers is not None else []
        read_by = _read_by(session, case)
        linked = [link.organization for link in links_of_case(session, case.id) if link.ended_at is None]
    names = {one.mark: one for one in known}
    is_lost = case.readers is not None and f"u{case.unit_id}" not in case.readers
    chosen = more.pop("chosen", None) or _as_it_stands(case, working)
    return render_template(
        "web/together/readers.html",
        **{"wrong": {}, "typed": {}, **more},
        case=case,
        category_label=category_label(case.category_code),
        reasons=[{"value": str(code), "label": wording(code, "restriction")} for code in RestrictionReason],
        in_charge=_in_charge(case, working),
        charges=_charges(case),
        charge=Charge.SUPERVISORS if is_lost else Charge.KEEP,
        working={one.mark: _at_work_as(one) for one in working if one.part is not WorkingAs.CHARGE},
        chosen={name: [names[mark] for mark in one.marks if mark in names] for name, one in chosen.items()},
        left={name: one.left for name, one in chosen.items()},
        linked=list(dict.fromkeys(linked)),
        gone=[names[one.mark].name for one in gone if one.mark in names],
        named=_named(case, names),
        read_by=read_by,
        may_lift=case.readers is not None and allows(actor, Permission.CASE_UNRESTRICT, case),
    )


def _as_it_stands(case: CaseSheet, working: list[AtWork]) -> dict[str, Picked]:
    """Ticked at first: whoever works on it; later, its readers of now."""
    unit = f"u{case.unit_id}"
    if case.readers is None:
        reading_it = [one.mark for one in working if one.part is not WorkingAs.CHARGE]
    else:
        reading_it = [mark for mark in case.readers if mark[0] in "ua" and mark != unit]
    concerned = [mark[1:] for mark in case.readers or () if mark[0] == "-"]
    return {
        "reader": Picked(list(dict.fromkeys(reading_it))),
        "concerned": Picked(concerned),
        "elsewhere": Picked([]),
    }


def _in_charge(case: CaseSheet, working: list[AtWork]) -> Pickable | None:
    """Even if it is closed by now: something is to be said of it all the same."""
    card = wiring().rulebooks.units().get(case.unit_id or 0)
    if card is None or not any(one.part is WorkingAs.CHARGE for one in working):
        return None
    return Pickable(f"u{card.id}", card.name, card.organization_name)


def _charges(case: CaseSheet) -> list[dict[str, str]]:
    may_route = allows(current_user.actor, Permission.CASE_ROUTE, case)
    words = {
        Charge.KEEP: _("Il la garde et la lit"),
        Charge.ELSEWHERE: _("Un autre service la prend"),
        Charge.SUPERVISORS: _("Il la perd, et un superviseur dira qui la prend"),
    }
    return [
        {"value": str(code), "label": label}
        for code, label in words.items()
        if may_route or code is not Charge.ELSEWHERE
    ]


def _at_work_as(one: AtWork) -> str:
    if one.part is WorkingAs.ROUND and one.day is not None:
        return _("y passe en tournée %(day)s", day=full_day(one.day))
    return _("suit cette demande") if one.part is WorkingAs.FOLLOWS else _("y doit une intervention")


def _named(case: CaseSheet, names: dict[str, Pickable]) -> dict[str, list[str]]:
    """Who reads and who never does, in words."""
    words = {"r:supervisor": _("les superviseurs"), **{mark: one.name for mark, one in names.items()}}
    marks = case.readers or []
    return {
        "readers": [words.get(mark, mark) for mark in marks if mark[0] not in "-!"],
        "kept_out": [words.get(mark[1:], mark[1:]) for mark in marks if mark[0] == "-"],
    }


def _read_by(session: Session, case: CaseSheet) -> list[tuple[str, str]]:
    """The latest first: who, when."""
    facts = timeline(session, "restricted", case.id, limit=200)
    names = agent_names(session, {fact.actor_id for fact in facts if fact.actor_id is not None})
    return [(names.get(fact.actor_id or 0, ""), moment(fact.at)) for fact in reversed(facts)]
