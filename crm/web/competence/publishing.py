"""Publishing: what changes, why, from when; refused in words when it cannot be."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.foundation import PARIS, Conflict, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, reasons, typo, unit_of_work, wiring
from crm.http.dates import full_day
from crm.routing import (
    Difference,
    differences,
    fresh_simulation,
    latest_version,
    one_version,
    publish_draft,
    rules_of,
)
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.frame import framed
from crm.web.competence.saying import fate_of, naming


@bp.get(f"{AT}/<int:table_id>/publication")
@needs(Permission.ROUTING_EDIT)
def publication(table_id: int) -> str:
    return _page(table_id)


@bp.post(f"{AT}/<int:table_id>/publication")
@needs(Permission.ROUTING_EDIT)
def publish(table_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            at = _effective_at(request.form.get("effective_on", ""))
            note, untried = (request.form.get(name, "") for name in ("note", "unsimulated"))
            published = publish_draft(uow, table_id, note=note, unsimulated=untried, effective_at=at)
            day = full_day(published.effective_at or uow.now)
    except Invalid as refusal:
        return _page(table_id, reasons(refusal)), 422
    except Conflict as newer:
        return _page(table_id, newer=int(str(newer.details["version"]))), 409
    flash(
        _("Publiée : elle décide à partir du %(day)s. Les demandes d’avant n’y changent pas.", day=day), "ok"
    )
    return redirect(url_for(".table", table_id=table_id), 303)


def _effective_at(typed: str) -> datetime | None:
    """Today is at once; another day begins at midnight in Paris."""
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid({"effective_on": "not_a_date"}) from None
    if day == wiring().clock.now().astimezone(PARIS).date():
        return None
    return datetime.combine(day, time(), tzinfo=PARIS)


def _moves(changed: list[Difference]) -> list[str]:
    """« Éclairage Est → Éclairage Ouest : 3 règles », nights and week-ends apart; the most first."""
    words, counted = naming(), Counter[tuple[str, str, bool]]()
    for one in changed:
        before, after = (fate_of(rule, words) if rule else "" for rule in (one.before, one.after))
        if before != after:
            counted[before, after, any(rule.at_times for rule in (one.before, one.after) if rule)] += 1
    return [typo(_move(*key, number)) for key, number in counted.most_common()]


def _move(before: str, after: str, at_times: bool, number: int) -> str:
    many = ngettext("une règle", "%(num)d règles", number)
    told = _("%(rules)s, certains jours ou à certaines heures", rules=many) if at_times else many
    if not before:
        return _("Ajouté, vers %(after)s : %(rules)s", after=after, rules=told)
    if not after:
        return _("Retiré, de %(before)s : %(rules)s", before=before, rules=told)
    return f"{before} → {after} : {told}"


def _page(table_id: int, wrong: dict[str, str] | None = None, newer: int | None = None) -> str:
    with reading() as session:
        card = one_version(session, current_user.actor, table_id)
        latest = latest_version(session)
        if newer is None and latest is not None and card.is_draft and latest.id != card.based_on_id:
            newer = latest.version
        changed = differences(rules_of(session, card.based_on_id), rules_of(session, card.id))
        return framed(
            session,
            table_id,
            "publish",
            "publication",
            wrong=wrong or {},
            newer=newer,
            changed=len(changed),
            moves=_moves(changed),
            earliest=latest.effective_at if latest and latest.effective_at else None,
            now=wiring().clock.now(),
            simulated=fresh_simulation(session, current_user.actor, table_id),
            note=request.form.get("note", card.note),
            unsimulated=request.form.get("unsimulated", ""),
            effective_on=request.form.get("effective_on", ""),
        )
