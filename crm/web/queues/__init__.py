"""Work lists: what waits for whom, the nearest date first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from flask import abort, get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import VIEWS, CaseLine, list_count, list_page, queue_page
from crm.foundation import PARIS
from crm.http import cursor_after, cursor_from_address, needs, reading, wiring
from crm.http import gettext as _
from crm.http.dates import due_day, since
from crm.staff import agent_names
from crm.web.explaining import category_labels, commune_names
from crm.web.frame import counted, open_counts, view_label
from crm.web.queues import bulk, by_place, exporting, keeping, lots
from crm.web.queues.blueprint import bp
from crm.web.queues.choosing import chips, choices, kept_as, sharing, sorts
from crm.web.queues.filters import NAMES, Asked, asked_of, cursor_of, passed_in

__all__ = ["bp", "bulk", "by_place", "exporting", "keeping", "lots"]
PAGE, _URGENT = 50, 20
_UNIT_TABS = ("a-traiter", "urgentes", "en-retard", "aujourdhui", "nouvelles", "attente")
_CENTRE_TABS = ("reponses", "a-qualifier", "contestees", "en-retard", "attente", "toutes")
_MARKS, _MARKED = "_parts/marks.html", ("state_tag", "priority_tag", "due")
_OF_UNITS = frozenset({"team_lead", "field_agent"})


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its names and its marks."""

    line: CaseLine
    href: str
    category: str
    commune: str
    unit: str
    followed_by: str
    state: str
    priority: str
    due: str


@bp.get("/<view>")
@needs(Permission.CASE_VIEW)
def show(view: str) -> ResponseReturnValue:
    if view not in VIEWS:
        abort(404)
    asked = asked_of(view, request.args)
    if {*NAMES} & {*request.args} - {*asked.given}:
        return redirect(asked.address())  # a form sends its empty fields too: the address says what is asked
    actor, now = current_user.actor, wiring().clock.now()
    in_unit = actor.roles <= _OF_UNITS
    tabs = _UNIT_TABS if in_unit else _CENTRE_TABS
    with reading() as session:
        urgent = _emergencies(session, asked, now) if in_unit else []
        lines, after = _page(session, asked, now, PAGE - len(urgent))
        lines = urgent + [line for line in lines if line not in urgent]
        counts = open_counts(session, also=(*tabs, view))
        many = list_count(session, actor, view, asked.filters, now) if asked.given else counts[view]
        team = bulk.colleagues(session) if bulk.may_act() else []
        followers = _followers(session, lines, dict(team)) if in_unit else {}
    shown = [_tab(tab, counts[tab], here=tab == view) for tab in tabs]
    return render_template(
        "web/queues/show.html",
        view=view,
        heading=view_label(view),
        many=counted(many) or "0",
        may_act=bulk.may_act(),
        may_round=bulk.may_round(),
        team=team,
        bulk_query=_sent_with(asked),
        in_unit=in_unit,
        rows=_named(lines, now, followers),
        tabs=shown,
        elsewhere=next((tab for tab in shown if tab["count"] != "0" and not tab["here"]), None),
        next_href=asked.address(apres=after) if after else "",
        first_href=asked.address() if request.args.get("apres") else "",
        empty=_empty(view),
        now=now,
        **_narrowing(asked),
    )


def _sent_with(asked: Asked) -> str:
    """What of the address goes with an act on what is ticked: the same list, at the same page."""
    sent = asked.address(apres=request.args.get("apres", "")).partition("?")[2]
    return f"?{sent}" if sent else ""


def _page(session: Session, asked: Asked, now: datetime, limit: int) -> tuple[list[CaseLine], str]:
    """The lines, and what asks for those after; the usual list by its own short statement."""
    actor, view = current_user.actor, asked.view
    if not asked.given:
        lines = queue_page(session, actor, view, now, after=cursor_from_address(), limit=limit)
        return lines, cursor_after(lines, limit)
    after = passed_in(request.args.get("apres", ""), asked.filters)
    lines = list_page(session, actor, view, asked.filters, now, after=after, limit=limit)
    return lines, cursor_of(lines[-1], asked.filters) if len(lines) == limit else ""


def _emergencies(session: Session, asked: Asked, now: datetime) -> list[CaseLine]:
    """Whatever the order, a unit reads its emergencies on top of the first page."""
    if request.args.get("apres") or asked.filters.priority not in {None, 1}:
        return []
    actor, view, filters = current_user.actor, asked.view, replace(asked.filters, priority=1)
    if asked.given:
        return list_page(session, actor, view, filters, now, limit=_URGENT)
    return queue_page(session, actor, view, now, limit=_URGENT, urgent=True)


def _narrowing(asked: Asked) -> dict[str, Any]:
    """What the list is narrowed and sorted by; the form's choices only when it is open."""
    is_open = bool(asked.given.keys() - {"tri"}) or "filtres" in request.args
    kept = kept_as(asked) if asked.given else None
    return {
        "asked": asked,
        "sorts": sorts(asked),
        "chips": chips(asked),
        "choices": choices(asked) if is_open else {},
        "kept": kept,
        "sharing": sharing(kept),
    }


def _tab(view: str, count: int, *, here: bool) -> dict[str, Any]:
    href = url_for("queues.show", view=view)
    return {"label": view_label(view), "href": href, "count": counted(count) or "0", "here": here}


def _followers(session: Session, lines: list[CaseLine], team: dict[int, str]) -> dict[int, str]:
    """Who has each in hand, nearly always one of the team: only the others are asked for."""
    others = {line.accepted_by_id for line in lines if line.accepted_by_id is not None} - team.keys()
    return team | (agent_names(session, others) if others else {})


def _named(lines: list[CaseLine], now: datetime, followers: dict[int, str]) -> list[Row]:
    """A list says the same few states and dates again and again: each is written once."""
    if not lines:
        return []
    communes, categories, units = commune_names(), category_labels(), wiring().rulebooks.units()
    state, priority, mark = (cache(get_template_attribute(_MARKS, name)) for name in _MARKED)
    sample = lines[0].reference  # one address built, the others like it
    address = url_for("cases.show", reference=sample)

    @cache
    def due(at: datetime, rank: int) -> str:
        tone = _tone(at, now)
        marked: str = mark(due_day(at, rank), tone, since(at) if tone == "danger" else "")
        return marked

    return [
        Row(
            line,
            address.replace(sample, line.reference),
            categories(line.category_code),
            communes.get(line.insee or "", ""),
            units[line.unit_id].name if line.unit_id and line.unit_id in units else "",
            followers.get(line.accepted_by_id or 0, ""),
            state(line.state),
            priority(line.priority),
            due(line.due_at, line.priority),
        )
        for line in lines
    ]


def _tone(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return "danger"
    return "warn" if due_at.astimezone(PARIS).date() == now.astimezone(PARIS).date() else ""


def _empty(view: str) -> str:
    told = {
        "reponses": _("Aucune réponse à faire. Les services n’ont rien terminé depuis la dernière."),
        "a-qualifier": _("Rien à qualifier : chaque demande a son service."),
        "contestees": _("Personne ne dit que ce n’est pas fait."),
        "relancees": _("Personne n’attend après une relance."),
        "en-retard": _("Aucun retard."),
        "urgentes": _("Aucune urgence."),
        "interventions-faites": _("Aucune demande dont les interventions viennent de finir."),
    }
    return told.get(view, _("Aucune demande dans cette liste."))
