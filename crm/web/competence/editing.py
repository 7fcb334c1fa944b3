"""Rules of a draft: the form of one, its removal, and many handed to another unit at once."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, unit_of_work, whole_number, wiring
from crm.routing import (
    Rule,
    add_rule,
    change_rule,
    entrust_rules,
    one_rule,
    one_version,
    remove_rule,
    shares,
    worries,
)
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.frame import framed, wrong_rules
from crm.web.competence.reading import filters_given, kept_by, trouble_words
from crm.web.competence.rule_form import asked_answers, choices, filled, said, typed
from crm.web.competence.saying import naming, rule_words

_BLANK = Rule(id=0, position=0, decision="route")


@bp.get(f"{AT}/<int:table_id>/regles/nouvelle")
@needs(Permission.ROUTING_EDIT)
def new_rule(table_id: int) -> str:
    """`?sujet=ECLA-04&commune=99001&raison=…`: what is known of it stands in the form already."""
    names = {"subject": "sujet", "insee": "commune", "reason": "raison"}
    given = {name: request.args.get(asked, "") for name, asked in names.items()}
    return _form(table_id, {**filled(_BLANK), **given})


@bp.post(f"{AT}/<int:table_id>/regles/nouvelle")
@needs(Permission.ROUTING_EDIT)
def add(table_id: int) -> ResponseReturnValue:
    if "questions" in request.form:
        return _form(table_id, typed(request.form))
    try:
        with unit_of_work() as uow:
            number = add_rule(uow, table_id, said(request.form))
    except Invalid as refusal:
        return _form(table_id, typed(request.form), wrong=reasons(refusal)), 422
    flash(_("Règle %(number)s ajoutée au brouillon.", number=number), "ok")
    _worry()
    return redirect(url_for(".rule", table_id=table_id, rule_number=number), 303)


@bp.get(f"{AT}/<int:table_id>/regles/<int:rule_number>")
@needs(Permission.ROUTING_VIEW)
def rule(table_id: int, rule_number: int) -> str:
    with reading() as session:
        line = one_rule(session, table_id, rule_number)
    return _form(table_id, filled(line.rule), number=rule_number, revision=line.revision)


@bp.post(f"{AT}/<int:table_id>/regles/<int:rule_number>")
@needs(Permission.ROUTING_EDIT)
def change(table_id: int, rule_number: int) -> ResponseReturnValue:
    seen = whole_number(request.form.get("revision")) or 0
    if "questions" in request.form:
        return _form(table_id, typed(request.form), number=rule_number, revision=seen)
    try:
        with unit_of_work() as uow:
            change_rule(uow, table_id, rule_number, said(request.form), seen_revision=seen)
    except Invalid as refusal:
        told = reasons(refusal)
        return _form(table_id, typed(request.form), number=rule_number, revision=seen, wrong=told), 422
    except Conflict:
        flash(
            _(
                "Un collègue vient de changer cette règle : la voici telle qu’elle est. "
                "La vôtre n’est pas enregistrée."
            ),
            "warn",
        )
        return rule(table_id, rule_number), 409
    flash(_("Règle %(number)s enregistrée dans le brouillon.", number=rule_number), "ok")
    _worry()
    return redirect(url_for(".rule", table_id=table_id, rule_number=rule_number), 303)


def _worry() -> None:
    """Said at once of the rule that was just kept; again on « À corriger »."""
    for one in worries([said(request.form)], wiring().rulebooks.units()):
        flash(trouble_words()[one.code], "warn")


@bp.post(f"{AT}/<int:table_id>/regles/<int:rule_number>/retrait")
@needs(Permission.ROUTING_EDIT)
def remove(table_id: int, rule_number: int) -> ResponseReturnValue:
    seen = whole_number(request.form.get("revision")) or 0
    try:
        with unit_of_work() as uow:
            remove_rule(uow, table_id, rule_number, seen_revision=seen)
    except Conflict:
        flash(_("Un collègue vient de changer cette règle : relisez-la avant de la retirer."), "warn")
        return rule(table_id, rule_number), 409
    flash(_("Règle %(number)s retirée du brouillon.", number=rule_number), "ok")
    return redirect(url_for(".table", table_id=table_id), 303)


@bp.post(f"{AT}/<int:table_id>/confier")
@needs(Permission.ROUTING_EDIT)
def entrust(table_id: int) -> ResponseReturnValue:
    """Of the rules that the filters keep, not of their page alone, those of the shares ticked."""
    given, ticked = filters_given(), request.form.getlist("dont")
    with reading() as session:
        kept = kept_by(given, wrong_rules(session, one_version(session, current_user.actor, table_id)))
    try:
        with unit_of_work() as uow:
            wanted = whole_number(request.form.get("unit_id")) or 0
            left = [one for one in shares(uow.session, table_id, kept) if one.code not in ticked]
            changed = entrust_rules(uow, table_id, kept, unit_id=wanted, among=ticked)
    except Invalid:
        flash(_("Choisissez dans la liste le service à qui confier ces règles."), "warn")
        return redirect(url_for(".table", table_id=table_id, **given), 303)  # type: ignore[arg-type]
    if not ticked:
        flash(_("Cochez au moins un service dont les règles changent de main."), "warn")
    else:
        flash(_entrusted(changed, sum(one.number for one in left if one.unit_id != wanted)), "ok")
    if changed:
        given.pop("service", None)  # they are no longer that unit's
    return redirect(url_for(".table", table_id=table_id, **given), 303)  # type: ignore[arg-type]


def _entrusted(changed: int, left: int) -> str:
    if not changed:
        return _("Aucune règle à changer : elles nomment déjà ce service.")
    told = ngettext("Une règle changée de service.", "%(num)d règles changées de service.", changed)
    others = ngettext("Une autre garde le sien.", "%(num)d autres gardent le leur.", left)
    return f"{told} {others}" if left else told


def _form(
    table_id: int,
    held: dict[str, object],
    number: int = 0,
    revision: int = 0,
    wrong: dict[str, str] | None = None,
) -> str:
    words = naming()
    ticked = held["answers"]
    assert isinstance(ticked, list)
    with reading() as session:
        card = one_version(session, current_user.actor, table_id)
        troubled = wrong_rules(session, card)
        about = [one for one in troubled if number in one.numbers]
        rivals = {
            n: rule_words(one_rule(session, table_id, n).rule, words) for one in about for n in one.numbers
        }
        return framed(
            session,
            table_id,
            "rule",
            "table",
            wrong_rules=troubled,
            given=held,
            number=number,
            revision=revision,
            wrong=wrong or {},
            about=about,
            rivals=rivals,
            trouble_words=trouble_words(),
            choices=choices(),
            asked=asked_answers(str(held["subject"]), ticked),
        )
