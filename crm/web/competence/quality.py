"""How good each rule is: what people then did with the demands that it had decided."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, whole_number, wiring
from crm.reporting import demands_of_rule, rule_figures, without_rule
from crm.routing import rules_numbered
from crm.web.competence.blueprint import AT, bp
from crm.web.competence.saying import naming, rule_words
from crm.web.explaining import category_labels

_PERIODS = (4, 8, 26, 52)
_MOST = 200


@bp.get(f"{AT}/qualite")
@needs(Permission.ROUTING_VIEW)
def quality() -> str:
    weeks, words, label = _weeks(), naming(), category_labels()
    since = wiring().clock.now() - timedelta(weeks=weeks)
    with reading() as session:
        figures = rule_figures(session, current_user.actor, since)
        bare = without_rule(session, current_user.actor, since)
    rows = [(one, rule_words(one.rule, words)) for one in figures[:_MOST]]
    return render_template(
        "web/competence/quality.html",
        put_right=[row for row in rows if row[0].overridden or row[0].bounced],
        spotless=[row for row in rows if not (row[0].overridden or row[0].bounced)],
        total=len(figures),
        bare=[(label(code or None), number) for code, number in bare],
        weeks=weeks,
        periods=_tabs(weeks, "quality"),
    )


@bp.get(f"{AT}/qualite/<int:rule_number>")
@needs(Permission.ROUTING_VIEW)
def quality_rule(rule_number: int) -> str:
    weeks, words = _weeks(), naming()
    put_right = request.args.get("tout") is None
    since = wiring().clock.now() - timedelta(weeks=weeks)
    with reading() as session:
        rules = rules_numbered(session, rule_number)
        if not rules:
            raise NotFound(rule=rule_number)
        figures = rule_figures(session, current_user.actor, since)
        lines = demands_of_rule(session, current_user.actor, rules, since, put_right=put_right)
    return render_template(
        "web/competence/quality_rule.html",
        rule=rules[-1],
        said=rule_words(rules[-1], words),
        figures=next((one for one in figures if one.number == rule_number), None),
        lines=lines,
        label=category_labels(),
        unit=lambda unit_id: words("unit", str(unit_id)) if unit_id else _("À qualifier"),
        put_right=put_right,
        weeks=weeks,
    )


def _weeks() -> int:
    asked = whole_number(request.args.get("semaines"))
    return asked if asked in _PERIODS else _PERIODS[1]


def _tabs(weeks: int, page: str) -> list[dict[str, object]]:
    return [
        {
            "label": ngettext("Une semaine", "%(num)d semaines", number),
            "href": url_for(f"competence.{page}", semaines=number),
            "here": number == weeks,
        }
        for number in _PERIODS
    ]
