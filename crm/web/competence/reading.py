"""One version read: its rules by pages, what it changes, what is to be mended, who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_login import current_user

from crm import territory
from crm.access import Permission
from crm.http import gettext as _
from crm.http import needs, reading, whole_number, wiring
from crm.http.dates import full_day
from crm.routing import (
    Difference,
    Hole,
    RuleFilter,
    Trouble,
    differences,
    holes,
    one_version,
    rule_total,
    rules_of,
    rules_page,
    shares,
    tables_compared,
    worries,
)
from crm.staff import agent_names
from crm.trail import TrailEntry, sentence, timeline
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.frame import framed, wrong_rules
from crm.web.competence.rule_form import choices
from crm.web.competence.saying import Names, change_words, naming, rule_words, share_words

A_PAGE = 50
_MOST = 300  # differences shown; beyond, their number


@bp.get(f"{AT}/<int:table_id>")
@needs(Permission.ROUTING_VIEW)
def table(table_id: int) -> str:
    given, words = filters_given(), naming()
    after = whole_number(request.args.get("apres")) or 0
    with reading() as session:
        card = one_version(session, current_user.actor, table_id)
        wrong = wrong_rules(session, card)
        kept = kept_by(given, wrong)
        lines = rules_page(session, table_id, kept, after=after, limit=A_PAGE + 1)
        rows = [(line.rule, rule_words(line.rule, words)) for line in lines[:A_PAGE]]
        more = lines[A_PAGE - 1].rule.position if len(lines) > A_PAGE else None
        return framed(
            session,
            table_id,
            "table",
            "table",
            wrong_rules=wrong,
            rows=rows,
            total=rule_total(session, table_id, kept),
            to_mend={number for trouble in wrong for number in trouble.numbers},
            given=given,
            query=urlencode(given),
            shares=[share_words(one, words) for one in shares(session, table_id, kept)] if given else [],
            choices=choices(),
            first_href=url_for(".table", table_id=table_id, **given) if after else "",  # type: ignore[arg-type]
            next_href=url_for(".table", table_id=table_id, apres=more, **given) if more else "",  # type: ignore[arg-type]
        )


def filters_given() -> dict[str, str]:
    """As they stand in the address or in the form; empty ones are left out."""
    told = request.form if request.method == "POST" else request.args
    names = ("sujet", "commune", "service", "a_corriger")
    return {name: value for name in names if (value := told.get(name, "").strip())}


def kept_by(given: dict[str, str], wrong: list[Trouble]) -> RuleFilter:
    numbers = tuple({number for trouble in wrong for number in trouble.numbers})
    return RuleFilter(
        subjects=_subjects(given.get("sujet", "")),
        insee=given.get("commune", "")[:5],
        unit_id=whole_number(given.get("service")),
        numbers=numbers if "a_corriger" in given else None,
    )


def _subjects(code: str) -> tuple[str, ...]:
    """A domain stands for itself and for its categories."""
    if not code:
        return ()
    catalogue, _index = wiring().rulebooks.categories()
    return (code, *(c.code for c in catalogue.categories.values() if c.domain_code == code))


@bp.get(f"{AT}/<int:table_id>/changements")
@needs(Permission.ROUTING_VIEW)
def changes(table_id: int) -> str:
    words = naming()
    with reading() as session:
        card = one_version(session, current_user.actor, table_id)
        found = differences(rules_of(session, card.based_on_id), rules_of(session, card.id))
        return framed(
            session,
            table_id,
            "changes",
            "changes",
            total=len(found),
            rows=[_row(one, words) for one in found[:_MOST]],
        )


def _row(one: Difference, words: Names) -> dict[str, Any]:
    rule = one.after or one.before
    assert rule is not None
    kind = _("Ajoutée") if one.before is None else _("Retirée") if one.after is None else _("Changée")
    tone = "ok" if one.before is None else "danger" if one.after is None else "info"
    both = one.before is not None and one.after is not None
    return {
        "number": one.number,
        "kind": kind,
        "tone": tone,
        "is_there": one.after is not None,
        "said": rule_words(rule, words),
        "changes": change_words(one.changes, words, rule.category_code or rule.domain_code) if both else [],
    }


@bp.get(f"{AT}/<int:table_id>/a-corriger")
@needs(Permission.ROUTING_VIEW)
def mend(table_id: int) -> str:
    words, catalogue = naming(), wiring().rulebooks.categories()[0]
    with reading() as session:
        card = one_version(session, current_user.actor, table_id)
        _base, ours = tables_compared(session, table_id)
        communes = [line.insee for line in territory.communes(session, members_only=True)]
        at = max(card.effective_at or wiring().clock.now(), wiring().clock.now())
        sectors = territory.sectors_by_commune(session)
        bare = holes(ours, catalogue.categories.values(), communes, at, sectors)
        said = {rule.number: rule_words(rule, words) for rule in ours.rules}
        rows = [_hole(one, words) for one in bare]
        worried = worries(ours.rules, wiring().rulebooks.units())
        told = {"said": said, "trouble_words": trouble_words(), "worries": worried, "holes": rows}
        return framed(session, table_id, "mend", "mend", **told)


def _hole(hole: Hole, words: Names) -> dict[str, Any]:
    return {
        "code": hole.category,
        "category": words("category", hole.category),
        "communes": ", ".join(words("commune", insee) for insee in hole.communes),
        "is_partial": hole.is_partial,
        "insee": hole.communes[0] if len(hole.communes) == 1 else "",
    }


def trouble_words() -> dict[str, str]:
    return {
        "tie": _("Ces deux règles sont également précises : une même demande peut remplir leurs conditions."),
        "unit_missing": _("Il faut dire à quel service."),
        "unit_unknown": _("Ce service n’existe plus : les demandes tombent dans « À qualifier »."),
        "unit_disabled": _("Ce service n’est plus en service : les demandes tombent dans « À qualifier »."),
        "unit_outside": _("Cet organisme n’est pas à nous : il faut lui transmettre, pas lui confier."),
        "no_email": _(
            "Cet organisme n’a pas d’adresse électronique : il faut l’appeler pour lui transmettre."
        ),
        "decision_unknown": _("La décision est inconnue."),
        "advice_missing": _("Un refus doit dire à qui s’adresser."),
        "hours_incomplete": _("Il faut une heure de début et une heure de fin."),
        "dates_reversed": _("La date de fin précède la date de début."),
        "priority_unknown": _("La priorité va de 1 à 4."),
    }


@bp.get(f"{AT}/<int:table_id>/historique")
@needs(Permission.ROUTING_VIEW)
def history(table_id: int) -> str:
    words = naming()
    with reading() as session:
        facts = timeline(session, "routing_table", table_id)[::-1]
        names = agent_names(session, {fact.actor_id for fact in facts if fact.actor_id})
        rows = [(fact, _told(fact), change_words(fact.data.get("changes", {}), words)) for fact in facts]
        return framed(session, table_id, "history", "history", rows=rows, names=names)


def _told(fact: TrailEntry) -> str:
    """« Règle 1204 changée. »"""

    def say(_fact: TrailEntry, hole: str, value: object) -> str:
        return full_day(datetime.fromisoformat(str(value))) if hole == "effective_at" else str(value)

    return sentence(fact, say, _) or ""
