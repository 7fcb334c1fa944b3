"""Rules proposed from what units did before, beside those in force; what is ticked goes into a draft."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import territory
from crm.access import Permission
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, wiring
from crm.reporting import past_assignments
from crm.routing import (
    OUTSIDE,
    Assignment,
    Compared,
    Rule,
    adopt_rules,
    compare,
    learn,
    start_draft,
    usual_unit,
)
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.saying import naming

_LOOKED_AT = timedelta(weeks=52)
_MOST = 200


@bp.get(f"{AT}/apprentissage")
@needs(Permission.ROUTING_EDIT)
def learning() -> str:
    found, words = _compared(), naming()
    rows = [
        {
            "one": one.proposal,
            "present": one.present,
            "value": f"{one.proposal.category}|{one.proposal.territory or ''}|{one.proposal.unit}",
            "category": words("category", one.proposal.category),
            "territory": words("commune", one.proposal.territory) if one.proposal.territory else "",
            "unit": words("unit", one.proposal.unit),
        }
        for one in found
        if one.is_better
    ]
    return render_template(
        "web/competence/learning.html", rows=rows[:_MOST], total=len(rows), proposed=len(found)
    )


@bp.post(f"{AT}/apprentissage")
@needs(Permission.ROUTING_EDIT)
def adopt() -> ResponseReturnValue:
    """What was ticked was read on the page: it is added as it stood there, with what it rests on."""
    ticked = set(request.form.getlist("proposal"))
    chosen = [rule for one in _compared() if (rule := _rule(one, ticked))]
    if not chosen:
        flash(_("Cochez au moins une proposition."), "warn")
        return redirect(url_for(".learning"), 303)
    try:
        with unit_of_work() as uow:
            draft_id = start_draft(uow)
            adopted = adopt_rules(uow, draft_id, chosen)
    except Invalid:
        flash(_("Un des services proposés n’est plus en service : décochez-le."), "warn")
        return redirect(url_for(".learning"), 303)
    flash(
        ngettext(
            "Un brouillon reprend la proposition cochée.",
            "Un brouillon reprend les %(num)d propositions cochées.",
            adopted,
        ),
        "ok",
    )
    return redirect(url_for(".changes", table_id=draft_id), 303)


def _compared() -> list[Compared]:
    """Units out of use are not proposed: a rule could not lead to them."""
    book, now = wiring().rulebooks.current(), wiring().clock.now()
    with reading() as session:
        seen = past_assignments(session, now - _LOOKED_AT, now)
        members = {line.insee for line in territory.communes(session, members_only=True)}
    usable = [one for one in seen if _is_usable(one, members)]

    def says(category: str, insee: str | None) -> str | None:
        found = book.catalogue.category(category)
        unit_id = usual_unit(book.table, found, insee, now) if found else None
        return str(unit_id) if unit_id is not None else None

    return compare(learn(usable), usable, says)


def _is_usable(one: Assignment, members: set[str]) -> bool:
    book = wiring().rulebooks
    category = book.categories()[0].category(one.category)
    unit = book.units().get(int(one.unit))
    placed = one.territory is None or one.territory in members
    return bool(category and category.is_active and unit and unit.is_active and placed)


def _rule(one: Compared, ticked: set[str]) -> Rule | None:
    told = one.proposal
    if f"{told.category}|{told.territory or ''}|{told.unit}" not in ticked:
        return None
    rests_on = ngettext(
        "Appris d’une demande passée (%(share)s %%)",
        "Appris de %(num)d demandes passées (%(share)s %%)",
        told.support,
        share=round(told.confidence * 100),
    )
    unit = wiring().rulebooks.units().get(int(told.unit))
    return Rule(
        id=0,
        position=0,
        decision="refer" if unit is not None and unit.operation == OUTSIDE else "route",
        category_code=told.category,
        insee=told.territory,
        unit_id=int(told.unit),
        reason=rests_on,
    )
