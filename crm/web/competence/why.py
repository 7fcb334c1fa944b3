"""« Pourquoi ce service ? »: the rule, its version, the reasons, and what would have changed the decision."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from crm import territory
from crm.access import Permission, allows
from crm.cases import CaseSheet, one_case
from crm.http import gettext as _
from crm.http import in_sentence, needs, reading, typo, wiring, wording
from crm.http.dates import clock_hour, full_day
from crm.reporting import facts_of_case
from crm.routing import Rule, Table, Turn, decide, fate, table_version, turns, version_in_force_from
from crm.staff import agent_names
from crm.trail import timeline
from crm.web.competence.blueprint import bp
from crm.web.competence.saying import (
    Names,
    answer_words,
    fate_words,
    naming,
    question_words,
    rule_words,
    weekday_words,
)
from crm.web.explaining import category_label, kept_reasons, reasons_in_words, unit_name

_SHOWN = 6


@bp.get("/demandes/<reference>/competence")
@needs(Permission.CASE_VIEW)
def why(reference: str) -> str:
    words = naming()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        shown = {**_decided(session, case, words), **_since(session, case)}
    return render_template(
        "web/competence/why.html",
        case=case,
        category_label=category_label(case.category_code),
        reasons=reasons_in_words(kept_reasons(case.routing), words),
        unit=unit_name(case.unit_id),
        **shown,
    )


def _decided(session: Session, case: CaseSheet, words: Names) -> dict[str, Any]:
    """The rule as it stood then; both that table and today's asked again with the facts of today."""
    book, number = wiring().rulebooks.current(), case.routing.get("version")
    table = table_version(session, number) if number else None
    rule = _rule(table, case.routing.get("rule_id"))
    facts = facts_of_case(book.catalogue, case)
    ours = [line.code for line in territory.sectors(session) if line.insee == case.insee]
    said = decide(facts, book.table, book.units)
    return {
        "version": number,
        "in_force_from": version_in_force_from(session, number) if number else None,
        "rule": rule,
        "said": rule_words(rule, words) if rule else None,
        "decided": fate_words(_kept_fate(case, rule), words) if case.routing else "",
        "turns": [_turn(one, words, case.category_code) for one in turns(facts, table, book.units, ours)]
        if table
        else [],
        "today": fate_words(fate(said), words),
        "today_version": book.table.version,
        "may_read_rules": allows(current_user.actor, Permission.ROUTING_VIEW),
    }


def _rule(table: Table | None, rule_id: int | None) -> Rule | None:
    return next((rule for rule in table.rules if rule.id == rule_id), None) if table else None


def _kept_fate(case: CaseSheet, rule: Rule | None) -> str:
    kind = case.routing.get("kind", "qualify")
    if kind in {"route", "refer"}:
        return f"{kind}:{rule.unit_id if rule else case.unit_id}"
    return str(kind)


def _since(session: Session, case: CaseSheet) -> dict[str, Any]:
    """What people then did: entrusted by hand, sent back."""
    facts = [fact for fact in timeline(session, "case", case.id) if fact.kind in _HANDS]
    by_hand = [fact for fact in facts if fact.kind == "case.bounced" or "interaction_id" in fact.data]
    names = agent_names(session, {fact.actor_id for fact in by_hand if fact.actor_id})
    rows = []
    for fact in by_hand:
        if fact.kind == "case.bounced":
            why_not = wording(fact.data.get("reason"), "bounce_reason")
            told = typo(_("Renvoyée par le service : %(reason)s", reason=in_sentence(why_not)))
        else:
            told = typo(_("Confiée à la main : %(unit)s", unit=unit_name(fact.data.get("unit_id"))))
        rows.append({"at": fact.at, "told": told, "who": names.get(fact.actor_id or 0, "")})
    return {"hands": rows}


_HANDS = frozenset({"case.routed", "case.bounced"})


def _turn(one: Turn, words: Names, category: str | None) -> dict[str, str]:
    listed = [_value(one, value, words, category) for value in one.values]
    told = ", ".join(listed[:_SHOWN])
    if len(listed) > _SHOWN:
        told = _("%(some)s… (%(number)s en tout)", some=told, number=len(listed))
    if one.fact == "answer":
        question = question_words(category, one.question)
        said = _("si à « %(question)s » la réponse était %(told)s", question=question, told=told)
    else:
        said = _IF[one.fact](told)
    return {"if": typo(said), "then": fate_words(fate(one.decision), words)}


_IF = {
    "road_owner": lambda told: _("si c’était une %(told)s", told=told),
    "sector": lambda told: _("si le lieu était dans le secteur %(told)s", told=told),
    "commune": lambda told: _("si le lieu était à %(told)s", told=told),
    "weekday": lambda told: _("si elle était arrivée un %(told)s", told=told),
    "hours": lambda told: _("si elle était arrivée entre %(told)s", told=told),
    "day": lambda told: _("si elle était arrivée le %(told)s", told=told),
    "channel": lambda told: _("si elle était arrivée par %(told)s", told=told),
}


def _value(one: Turn, value: str, words: Names, category: str | None) -> str:
    spoken = {
        "answer": lambda: answer_words(category, one.question, value),
        "road_owner": lambda: in_sentence(wording(value, "road_owner")),
        "weekday": lambda: weekday_words()[value],
        "hours": lambda: _(
            "%(start)s et %(end)s",
            start=clock_hour(time.fromisoformat(value[:5])),
            end=clock_hour(time.fromisoformat(value[6:])),
        ),
        "day": lambda: full_day(date.fromisoformat(value)),
        "channel": lambda: in_sentence(wording(value, "channel")),
    }
    return spoken[one.fact]() if one.fact in spoken else words(one.fact, value)
