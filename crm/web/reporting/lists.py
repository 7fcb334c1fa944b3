"""The lists behind the figures: the same conditions, so as many lines as the figure said."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.contacts import contact_cards
from crm.http import cursor_of, needs, passed_in, reading, whole_number, wiring, wording
from crm.http import gettext as _
from crm.interactions import CallReason
from crm.reporting import (
    AGES,
    FIGURES,
    FILES,
    Moments,
    Passed,
    UnkeptPromise,
    WaitingCase,
    Which,
    calls_at_risk,
    calls_ended,
    moments,
    receipts_not_sent,
    waiting_cases,
)
from crm.staff import agent_names
from crm.web.explaining import category_labels, commune_names, unit_name
from crm.web.reporting.blueprint import bp
from crm.web.reporting.wording import age_words, figure_words, file_words

PAGE = 50


def _moments() -> Moments:
    return moments(wiring().rulebooks.current().calendar, wiring().clock.now())


@bp.get("/demandes")
@needs(Permission.BOARD_VIEW)
def cases() -> str:
    which, after = _which(), _passed()
    with reading() as session:
        found = waiting_cases(session, current_user.actor, which, _moments(), after=after, limit=PAGE)
    chosen: dict[str, Any] = {
        name: value
        for name, value in (
            ("chiffre", which.figure),
            ("file", which.file),
            ("age", which.age),
            ("service", which.unit_id),
        )
        if value
    }
    more = cursor_of(found[-1].due_at, found[-1].id) if len(found) == PAGE else ""
    return render_template(
        "web/reporting/cases.html",
        heading=_heading(which),
        rows=_named(found),
        now=wiring().clock.now(),
        next_href=url_for("reporting.cases", **chosen, apres=more) if more else "",
        first_href=url_for("reporting.cases", **chosen) if after else "",
    )


def _which() -> Which:
    asked = request.args
    unit = asked.get("service", "")
    known = (
        asked.get("chiffre", "") in {"", *FIGURES},
        asked.get("file", "") in {"", *FILES},
        asked.get("age", "") in {"", *AGES},
        not unit or whole_number(unit) is not None,
    )
    if not all(known):
        abort(404)
    return Which(
        figure=asked.get("chiffre", ""),
        file=asked.get("file", ""),
        age=asked.get("age", ""),
        unit_id=whole_number(unit) if unit else None,
    )


def _passed() -> Passed | None:
    """`?apres=<microseconds>-<id>`; anything else is the first page."""
    passed = passed_in(request.args.get("apres", ""))
    return Passed(*passed) if passed else None


def _heading(which: Which) -> str:
    """« En retard — Voirie, secteur Est », « Réponses à faire — plus de 10 jours »"""
    said = [
        figure_words(which.figure) if which.figure else "",
        file_words(which.file) if which.file else "",
        unit_name(which.unit_id) if which.unit_id else "",
        age_words(which.age) if which.age else "",
    ]
    return " — ".join(filter(None, said)) or _("Demandes ouvertes")


def _named(found: list[WaitingCase]) -> list[dict[str, Any]]:
    communes, category, units = commune_names(), category_labels(), wiring().rulebooks.units()
    return [
        {
            "line": line,
            "category": category(line.category_code),
            "commune": communes.get(line.insee or "", ""),
            "unit": units[line.unit_id].name if line.unit_id and line.unit_id in units else "",
        }
        for line in found
    ]


@bp.get("/accuses")
@needs(Permission.BOARD_VIEW)
def receipts() -> str:
    with reading() as session:
        found = receipts_not_sent(session, current_user.actor)
    return _promises(_("Accusés pas partis"), found, _("Tous les accusés sont partis."), "")


@bp.get("/rappels")
@needs(Permission.BOARD_VIEW)
def calls() -> str:
    with reading() as session:
        found = calls_at_risk(session, current_user.actor, _moments())
    return _promises(
        _("Rappels en danger"), found, _("Aucun rappel n’est en danger."), url_for("papers.calls")
    )


@bp.get("/appels")
@needs(Permission.BOARD_VIEW)
def ended_calls() -> str:
    """Calls without a demand, today. `?motif=informed`"""
    reason = request.args.get("motif", "")
    if reason not in {"", *CallReason}:
        abort(404)
    with reading() as session:
        found = calls_ended(session, current_user.actor, _moments(), reason)
        people = contact_cards(session, [one.contact_id for one in found if one.contact_id])
        names = agent_names(session, {one.agent_id for one in found if one.agent_id})
    label = category_labels()
    return render_template(
        "web/reporting/ended_calls.html",
        heading=wording(reason, "call_reason") if reason else _("Appels sans demande aujourd’hui"),
        rows=[
            {
                "call": one,
                "category": label(one.category_code) if one.category_code else "",
                "person": people[one.contact_id].display_name if one.contact_id in people else "",
                "agent": names.get(one.agent_id or 0, ""),
            }
            for one in found
        ],
    )


def _promises(heading: str, found: list[UnkeptPromise], none: str, href: str) -> str:
    return render_template(
        "web/reporting/promises.html", heading=heading, rows=found, none=none, act_href=href
    )
