"""One act on many demands: one transaction each, its right asked each time, its result said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import (
    VIEWS,
    CaseSheet,
    Mistyped,
    accept_case,
    entrust_colleague,
    one_case,
    parse_reference,
    plan_case,
)
from crm.foundation import Conflict, CrmError, IllegalStep, Invalid, NotAllowed, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import holds, in_sentence, needs, ngettext, reason, unit_of_work, whole_number, wording
from crm.staff import team_of
from crm.web.queues.blueprint import bp
from crm.web.queues.filters import asked_of

MOST = 50
Act = Callable[[UnitOfWork, CaseSheet], object]


@bp.post("/<view>/lot/<act>")
@needs(Permission.CASE_ACCEPT)
def bulk(view: str, act: str) -> ResponseReturnValue:
    if view not in VIEWS or act not in _ACTS:
        abort(404)
    chosen = list(dict.fromkeys(request.form.getlist("case")))
    if not chosen:
        flash(_("Cochez d’abord des demandes dans la liste."), "warn")
    elif len(chosen) > MOST:
        flash(_("Cinquante demandes au plus à la fois : rien n’a été fait."), "danger")
    else:
        _do(act, chosen)
    return redirect(_back(view), 303)


def _back(view: str) -> str:
    """The list as it was narrowed, or place by place."""
    by = request.args.get("par", "")
    if by in {"secteur", "rue"}:
        return url_for("queues.by_place", by=by)
    return asked_of(view, request.args).address()


def _do(act: str, chosen: list[str]) -> None:
    done, refused = 0, Counter[str]()
    try:
        step = _ACTS[act]()
    except Invalid as refusal:
        flash(" ".join(reason(code) for code in refusal.fields.values()), "danger")
        return
    for reference in chosen:
        if why := _one(step, reference):
            refused[why] += 1
        else:
            done += 1
    flash(_told(act, done, refused), "warn" if refused else "ok")


def _one(step: Act, typed: str) -> str:
    """Why it was not done; empty when it was."""
    case: CaseSheet | None = None
    try:
        reference = parse_reference(typed)
        with unit_of_work() as uow:
            case = one_case(uow.session, uow.actor, reference)
            step(uow, case)
    except (Mistyped, NotFound):
        return _("elle n’est pas dans votre service")
    except CrmError as refusal:
        return _why(refusal, case)
    return ""


def _why(refusal: CrmError, case: CaseSheet | None) -> str:
    if isinstance(refusal, IllegalStep) and case:
        taken = case.state in {"in_progress", "scheduled"}
        return _("déjà prise en charge") if taken else in_sentence(wording(case.state))
    if isinstance(refusal, Conflict):
        return _("elle vient de changer")
    if isinstance(refusal, NotAllowed):
        return _("vous n’en avez pas le droit")
    if isinstance(refusal, Invalid):
        return in_sentence(reason(next(iter(refusal.fields.values()), ""))).rstrip(".")
    raise refusal


def _told(act: str, done: int, refused: Counter[str]) -> str:
    """« 11 acceptées, 1 refusée : déjà prise en charge. »"""
    counted = {
        "accepter": lambda: ngettext("%(num)d acceptée", "%(num)d acceptées", done),
        "planifier": lambda: ngettext("%(num)d planifiée", "%(num)d planifiées", done),
        "confier": lambda: ngettext("%(num)d confiée", "%(num)d confiées", done),
    }
    parts = [counted[act]()] if done else []
    for why, many in refused.items():
        parts.append(ngettext("%(num)d refusée : %(why)s", "%(num)d refusées : %(why)s", many, why=why))
    return ", ".join(parts) + "."


def _accept() -> Act:
    return lambda uow, case: accept_case(uow, case.reference, seen_version=case.version)


def _plan() -> Act:
    day = _day()
    return lambda uow, case: plan_case(uow, case.reference, planned_on=day, seen_version=case.version)


def _day() -> date:
    typed = request.form.get("planned_on", "").strip()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None


def _entrust() -> Act:
    agent_id = whole_number(request.form.get("agent_id"))
    if agent_id is None:
        raise Invalid({"agent_id": "unknown"})
    chosen = agent_id
    return lambda uow, case: entrust_colleague(
        uow, case.reference, agent_id=chosen, seen_version=case.version
    )


_ACTS: Mapping[str, Callable[[], Act]] = {"accepter": _accept, "planifier": _plan, "confier": _entrust}


def may_act() -> bool:
    return holds(current_user.actor.roles, frozenset({Permission.CASE_ACCEPT}))


def colleagues(session: Session) -> list[tuple[int, str]]:
    """Those of the agent's own units."""
    found: dict[int, str] = {}
    for unit_id in sorted(current_user.actor.unit_ids):
        found |= team_of(session, unit_id)
    return list(found.items())
