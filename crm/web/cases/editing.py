"""Correct a case. Two agents at once: the second sees both versions and chooses."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, require
from crm.cases import CaseSheet, Consequences, Correction, consequences_of, edit_case, one_case
from crm.deadlines import URGENT
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.http.dates import due_day
from crm.intake import resolve_place
from crm.web.cases.blueprint import bp
from crm.web.cases.verbs import may_send
from crm.web.explaining import category_label, unit_name
from crm.web.intake.forms import place_in


@bp.get("/<reference:reference>/correction")
@needs(Permission.CASE_EDIT)
def edit(reference: str) -> str:
    case = _case(reference)
    return _page(case, _as_kept(case), {})


@bp.post("/<reference:reference>/correction")
@needs(Permission.CASE_EDIT)
def save(reference: str) -> ResponseReturnValue:
    typed = request.form.to_dict()
    book = wiring().rulebooks.current()
    correction = _correction(typed)
    if not correction.opening_confirmed:
        case = _case(reference)
        if entailed := consequences_of(book, case, correction, may_send=may_send(case)):
            return _page(case, typed, {}, entailed), 422
    try:
        with unit_of_work() as uow:
            edit_case(
                uow,
                book,
                reference,
                correction=correction,
                seen_version=whole_number(typed.get("seen_version")) or 0,
            )
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _page(_case(reference), typed, wrong), 422
    except Conflict:
        return _both(_case(reference), typed), 409
    flash(_("Correction enregistrée."), "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


NONE_NAMED = "none"  # what is confirmed of a demand without a category


def _case(reference: str) -> CaseSheet:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
    require(current_user.actor, Permission.CASE_EDIT, case)
    return case


def _as_kept(case: CaseSheet) -> dict[str, Any]:
    return {
        "object": case.object,
        "category": case.category_code or "",
        "place_text": case.place_label,
        "hint": case.place_hint,
        "priority": str(case.priority),
        "seen_version": str(case.version),
        "note": "",
    }


def _correction(typed: dict[str, str]) -> Correction:
    """The place is looked up again only when another one was chosen or written."""
    moved = typed.get("place") or typed.get("place_text", "") != typed.get("place_was", "")
    priority = typed.get("priority", "")
    place = None
    if moved:
        with reading() as session:
            place = resolve_place(session, place_in(typed), current_user.actor.places)
    return Correction(
        object=typed.get("object"),
        category_code=typed.get("category") or None,
        place=place,
        place_hint=typed.get("hint"),
        priority=int(priority) if priority in {"1", "2", "3", "4"} else None,
        note=typed.get("note", ""),
        opening_confirmed=typed.get("confirmed") == (typed.get("category") or NONE_NAMED),
    )


def _page(
    case: CaseSheet, typed: dict[str, Any], wrong: dict[str, str], entailed: Consequences | None = None
) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    return render_template(
        "web/cases/edit.html",
        case=case,
        typed=typed,
        wrong=wrong,
        catalogue=catalogue,
        clash=False,
        entailed=_in_words(entailed, typed.get("category", "")) if entailed else [],
        confirming=typed.get("category") or NONE_NAMED,
    )


def _in_words(found: Consequences, code: str) -> list[str]:
    """What the agent confirms, one sentence each; the gravest first."""
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(code)
    asked = {question.key: question.label for question in category.questions} if category else {}
    told = _of_who_has_it(found)
    if found.idle:
        told.append(_("Les réponses données pour l’ancienne catégorie sont gardées, mais ne servent plus."))
    if found.missing:
        told.append(
            _(
                "À demander à l’usager : %(questions)s",
                questions=", ".join(asked[key] for key in found.missing),
            )
        )
    return told


def _of_who_has_it(found: Consequences) -> list[str]:
    """Who sees it then, how urgent it is and by when."""
    told = []
    if found.opens:
        told.append(
            _("Tout le monde la verra sur la carte et dans les données ouvertes, sans nom ni adresse exacte.")
        )
    told += _of_its_move(found)
    if found.raises and found.priority == URGENT:
        told.append(_("La priorité devient 1 : l’astreinte du service est prévenue aussitôt."))
    elif found.raises:
        told.append(_("La priorité devient %(priority)s.", priority=found.priority))
    if found.due_at:
        told.append(_("L’échéance du service devient le %(day)s.", day=due_day(found.due_at, found.priority)))
    return told


def _of_its_move(found: Consequences) -> list[str]:
    if found.stays:
        return [_("Elle ne change pas de service : revenue deux fois, un superviseur décide où elle va.")]
    if found.body_id:
        body = unit_name(found.body_id)
        return [
            _("Un autre organisme est compétent : %(body)s.", body=body),
            _("Elle passe dans « À qualifier », d’où vous la lui transmettez."),
        ]
    if found.moves and (unit := unit_name(found.unit_id)):
        return [_("Le service « %(unit)s » la reçoit et peut la lire.", unit=unit)]
    return [_("Aucun service n’est désigné : elle passe dans « À qualifier ».")] if found.moves else []


def _both(case: CaseSheet, typed: dict[str, Any]) -> str:
    """What stands now beside what was typed: the agent keeps one or the other, field by field."""
    catalogue, _index = wiring().rulebooks.categories()
    kept = _as_kept(case)
    differing = [
        name for name in ("object", "place_text", "hint", "priority") if kept[name] != typed.get(name, "")
    ]
    return render_template(
        "web/cases/edit.html",
        case=case,
        typed={**typed, "seen_version": kept["seen_version"]},
        kept={**kept, "category_label": category_label(case.category_code)},
        differing=[*differing, *(["category"] if kept["category"] != typed.get("category", "") else [])],
        wrong={},
        catalogue=catalogue,
        clash=True,
        entailed=[],
    )
