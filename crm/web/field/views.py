"""What is to be done on the ground, and one place of it: never who asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.attachments import files_of_case
from crm.cases import CaseState, PlacedLine, field_case, field_work
from crm.cases.orders import field_orders, one_order
from crm.cases.rounds import RoundCard, rounds_from
from crm.catalogue import asks_evidence
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.http.answers import told_answers
from crm.http.dates import day
from crm.staff import agent_names
from crm.web.explaining import category_labels
from crm.web.field.blueprint import bp
from crm.web.field.pressed import missing_things
from crm.web.orders.views import pictures_of, today

_TO_DO = (CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.SCHEDULED)


@bp.get("")
@needs(Permission.CASE_RESOLVE)
def show() -> str:
    """Emergencies, what is missing something, then day by day; or place by place (`?par=lieu`)."""
    by_place = request.args.get("par") == "lieu"
    return field_list("place" if by_place else "day", lambda lines: _groups(lines, by_place=by_place))


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its demands; `away`: id → how far it is, where that is known."""

    heading: str
    lines: list[PlacedLine]
    away: Mapping[int, str] = field(default_factory=dict)


def field_list(order: str, grouped: Callable[[list[PlacedLine]], Iterable[Group]]) -> str:
    """
    Args:
        order: day, place or distance.
    """
    with reading() as session:
        lines = field_work(session, current_user.actor)
        orders = field_orders(session, current_user.actor)
        rounds = _rounds_of_today(session)
        names = agent_names(session, {line.accepted_by_id for line in lines if line.accepted_by_id})
    return render_template(
        "web/field/list.html",
        groups=list(grouped(lines)),
        orders=orders,
        rounds=rounds,
        order=order,
        label=category_labels(),
        names=names,
        today=today(),
        now=wiring().clock.now(),
    )


def _rounds_of_today(session: Session) -> list[RoundCard]:
    """The agent's own first."""
    actor = current_user.actor
    found = [one for one in rounds_from(session, actor, today()) if one.day == today()]
    return sorted(found, key=lambda one: one.agent_id != actor.id)


def _groups(lines: list[PlacedLine], *, by_place: bool) -> Iterable[Group]:
    urgent = [line for line in lines if line.priority == 1]
    needing = [line for line in lines if line.needs_at and line.priority != 1]
    rest = [line for line in lines if line.priority != 1 and not line.needs_at]
    if urgent:
        yield Group(_("Urgences"), urgent)
    if needing:
        yield Group(_("Besoin d’autre chose"), needing)
    said = _where if by_place else _when
    for heading, some in groupby(sorted(rest, key=said) if by_place else rest, key=said):
        yield Group(heading, list(some))


def _where(line: PlacedLine) -> str:
    return ", ".join(filter(None, (line.commune, line.street or line.sector))) or _("Lieu à trouver")


def _when(line: PlacedLine) -> str:
    return day(line.planned_on) if line.planned_on else _("Sans date")


@bp.get("/<reference:reference>")
@needs(Permission.CASE_RESOLVE)
def one(reference: str) -> str:
    return field_page(reference, None)


@bp.get("/<reference:reference>/<int:number>")
@needs(Permission.ORDER_DO)
def order(reference: str, number: int) -> str:
    return field_page(reference, number)


def field_page(reference: str, number: int | None, **more: Any) -> str:
    """One place with its buttons; `more` brings back what was typed when it was refused.

    Args:
        number: of the order; None: the case is the unit's own.

    Raises:
        NotFound: no such place, or none of this unit's.
    """
    with reading() as session:
        found = _case(session, reference) if number is None else _order(session, reference, number)
        line = found["case"]
        proof = asks_evidence(session, line.category_code)
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(line.category_code) if line.category_code else None
    return render_template(
        "web/field/one.html",
        **{
            "title": category_labels()(line.category_code),
            "answers": told_answers(category, line.answers),
            "proof": proof,
            "missing": [{"value": code, "label": word} for code, word in missing_things().items()],
            "key": request.form.get("key") or secrets.token_urlsafe(18),
            "wrong": {},
            "typed": {},
            "staged": [],
            "staged_before": [],
            "refusals": [],
            "refusals_before": [],
            "clash": False,
            "today": today(),
            "now": wiring().clock.now(),
            **found,
            **more,
        },
    )


def _case(session: Session, reference: str) -> dict[str, Any]:
    line = field_case(session, current_user.actor, reference)
    if line is None:
        raise NotFound(reference=reference)
    return {
        "case": line,
        "work": None,
        "files": files_of_case(session, line.id),
        "files_at": f"/console/demandes/{reference}/fichiers",
        "to_do": line.state in _TO_DO,
    }


def _order(session: Session, reference: str, number: int) -> dict[str, Any]:
    found = one_order(session, current_user.actor, reference, number)
    if not allows(current_user.actor, Permission.ORDER_DO, found):
        raise NotFound(reference=reference)
    return {
        "case": found,
        "work": found,
        "files": pictures_of(session, found),
        "files_at": f"/console/interventions/{reference}/{number}/fichiers",
        "to_do": found.is_open,
    }
